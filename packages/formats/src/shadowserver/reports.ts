/**
 * The reports of Shadowserver as its published schema of reports has them: facts, in a form that a person can keep. A
 * line is `name|title|RSIT class/type|columns`; `@group` stands for the columns of that group. An IPv6 report without a
 * class of its own has that of its IPv4 sibling. A new edition changes these two tables and nothing else.
 */
const GROUPS = `
scan|timestamp severity ip protocol port hostname tag asn geo region city naics hostname_source sector
certificate-names|signature_algorithm key_algorithm subject_organization_name subject_organization_unit_name subject_country subject_state_or_province_name subject_locality_name subject_street_address subject_postal_code subject_surname subject_given_name subject_email_address subject_business_category subject_serial_number issuer_organization_name issuer_organization_unit_name issuer_country issuer_state_or_province_name issuer_locality_name issuer_street_address issuer_postal_code issuer_surname issuer_given_name issuer_email_address issuer_business_category issuer_serial_number
mail-banner|banner cert_expiration_date cert_expired cert_issue_date cert_length cert_serial_number cert_valid cipher_suite handshake issuer_business_category issuer_common_name issuer_country issuer_email_address issuer_given_name issuer_locality_name issuer_organization_name issuer_organization_unit_name issuer_postal_code issuer_serial_number issuer_state_or_province_name issuer_street_address issuer_surname jarm key_algorithm md5_fingerprint self_signed sha1_fingerprint sha256_fingerprint sha512_fingerprint signature_algorithm ssl_version sslv3_supported subject_business_category subject_common_name subject_country subject_email_address subject_given_name subject_locality_name subject_organization_name subject_organization_unit_name subject_postal_code subject_serial_number subject_state_or_province_name subject_street_address subject_surname validation_level
event-source|timestamp protocol src_ip src_port src_asn src_geo src_region src_city src_hostname src_naics src_sector device_vendor device_type device_model severity dst_ip dst_port dst_asn dst_geo dst_region dst_city dst_hostname dst_naics dst_sector public_source infection family tag application version event_id
mail-tls|banner auth_ssl_response auth_tls_response cert_expiration_date cert_expired cert_issue_date cert_length cert_serial_number cert_valid cipher_suite freak_cipher_suite freak_vulnerable handshake issuer_business_category issuer_common_name issuer_country issuer_email_address issuer_given_name issuer_locality_name issuer_organization_name issuer_organization_unit_name issuer_postal_code issuer_serial_number issuer_state_or_province_name issuer_street_address issuer_surname jarm key_algorithm md5_fingerprint raw_cert raw_cert_chain self_signed sha1_fingerprint sha256_fingerprint sha512_fingerprint signature_algorithm ssl_version sslv3_supported subject_business_category subject_common_name subject_country subject_email_address subject_given_name subject_locality_name subject_organization_name subject_organization_unit_name subject_postal_code subject_serial_number subject_state_or_province_name subject_street_address subject_surname tlsv13_cipher tlsv13_support validation_level
certificate|cert_length subject_common_name issuer_common_name cert_issue_date cert_expiration_date sha1_fingerprint
https|sha256_fingerprint sha512_fingerprint md5_fingerprint http_response_type http_code http_reason content_type http_connection www_authenticate set_cookie server_type content_length transfer_encoding http_date cert_valid self_signed cert_expired browser_trusted validation_level browser_error tlsv13_support tlsv13_cipher
ssh|available_kex available_ciphers available_mac available_compression selected_kex algorithm selected_cipher selected_mac selected_compression server_signature_value server_signature_raw server_host_key server_host_key_sha256 rsa_prime rsa_prime_length rsa_generator rsa_generator_length rsa_public_key rsa_public_key_length rsa_exponent rsa_modulus rsa_length dss_prime dss_prime_length dss_generator dss_generator_length dss_public_key dss_public_key_length dss_dsa_public_g dss_dsa_public_p dss_dsa_public_q dss_dsa_public_y ecdsa_curve25519 ecdsa_curve ecdsa_public_key_length ecdsa_public_key_b ecdsa_public_key_gx ecdsa_public_key_gy ecdsa_public_key_n ecdsa_public_key_p ecdsa_public_key_x ecdsa_public_key_y ed25519_curve25519 ed25519_cert_public_key_nonce ed25519_cert_public_key_bytes ed25519_cert_public_key_raw ed25519_cert_public_key_sha256 ed25519_cert_public_key_serial ed25519_cert_public_key_type_id ed25519_cert_public_key_type_name ed25519_cert_public_key_keyid ed25519_cert_public_key_principles ed25519_cert_public_key_valid_after ed25519_cert_public_key_valid_before ed25519_cert_public_key_duration ed25519_cert_public_key_sigkey_bytes ed25519_cert_public_key_sigkey_raw ed25519_cert_public_key_sigkey_sha256 ed25519_cert_public_key_sigkey_value ed25519_cert_public_key_sig_raw
device|device_vendor device_type device_model device_version device_sector
vulnerability|vulnerability_enum vulnerability_id vulnerability_class vulnerability_score vulnerability_severity vulnerability_version threat_framework threat_tactic_id threat_technique_id target_vendor target_product target_class
ldap|response_size configuration_naming_context current_time default_naming_context dns_host_name domain_controller_functionality domain_functionality ds_service_name forest_functionality highest_committed_usn is_global_catalog_ready is_synchronized ldap_service_name naming_contexts root_domain_naming_context schema_naming_context server_name subschema_subentry supported_capabilities supported_control supported_ldap_policies supported_ldap_version supported_sasl_mechanisms amplification
event-target|domain_source public_source infection family tag application version event_id dst_network dst_netmask attack duration attack_src_ip attack_src_port domain domain_transaction_id gcip http_method http_path http_postdata http_usessl ip_header_ack ip_header_acknum ip_header_dont_fragment ip_header_fin ip_header_identity ip_header_psh ip_header_rst ip_header_seqnum ip_header_syn ip_header_tos ip_header_ttl ip_header_urg number_of_connections packet_length packet_randomized
checked-certificate|sha256_fingerprint sha512_fingerprint md5_fingerprint cert_valid self_signed cert_expired validation_level
http|http http_code http_reason content_type connection www_authenticate set_cookie server content_length transfer_encoding http_date
mysql|version mysql_protocol_version server_version error_code error_id error_message client_can_handle_expired_passwords client_compress client_connect_attrs client_connect_with_db client_deprecated_eof client_found_rows client_ignore_sigpipe client_ignore_space client_interactive client_local_files client_long_flag client_long_password client_multi_results client_multi_statements client_no_schema client_odbc client_plugin_auth client_plugin_auth_len_enc_client_data client_protocol_41 client_ps_multi_results client_reserved client_secure_connection client_session_track client_ssl client_transactions handshake cipher_suite
bgp|message_length message_type message_type_int bgp_version sender_asn hold_time bgp_identifier message2_type message2_type_int major_error_code major_error_code_int minor_error_code minor_error_code_int
isakmp|initiator_spi responder_spi next_payload exchange_type flags message_id next_payload2 domain_of_interpretation protocol_id spi_size notify_message_type response_size amplification
referer|timestamp protocol http_referer_ip http_referer_port http_referer_asn http_referer_geo http_referer_region http_referer_city http_referer_hostname http_referer_naics http_referer_sector severity dst_ip dst_port dst_asn dst_geo dst_region dst_city dst_hostname dst_naics dst_sector public_source infection family tag application version event_id http_url http_host http_referer ssl_servername
proxy|http http_code http_reason content_type connection proxy_authenticate via server content_length transfer_encoding http_date
postgres|version supported_protocols protocol_error_code protocol_error_file protocol_error_line protocol_error_message protocol_error_routine protocol_error_severity protocol_error_severity_v startup_error_code startup_error_file startup_error_line startup_error_message startup_error_routine startup_error_severity startup_error_severity_v client_ssl handshake cipher_suite
event-source-and-target|timestamp protocol src_ip src_port src_asn src_geo src_region src_city src_hostname src_naics src_sector device_vendor device_type device_model severity
fingerprints|sha256_fingerprint sha512_fingerprint md5_fingerprint
`;

const REPORTS = `
blocklist|Blocklist|other/blocklist|timestamp severity ip hostname source reason asn geo region city naics sector tag
compromised_account|Compromised-Account|information-content-security/data-leak|timestamp email infection source_url public_source status tag severity service username detail
compromised_iot|Compromised-IoT-Device|intrusions/system-compromise|@scan device_vendor device_type device_model device_version source_type category family status detail public_source account server_host_key malpubkey_sha256
compromised_iot6|IPv6-Compromised-IoT-Device|intrusions/system-compromise|@scan device_vendor device_type device_model device_version source_type category family status detail public_source account server_host_key malpubkey_sha256
compromised_website|Compromised-Website|intrusions/system-compromise|@scan application url http_host category system detected_since server redirect_target cc_url family status account detail public_source
compromised_website6|IPv6-Compromised-Website|intrusions/system-compromise|@scan application url http_host category system detected_since server redirect_target cc_url family status account detail public_source
device_id|Device-Identification IPv4|other/undetermined|@scan device_vendor device_type device_model device_version
device_id6|Device-Identification IPv6|other/undetermined|@scan device_vendor device_type device_model device_version
event4_ddos_participant|DDoS-Participant|availability/ddos|@event-source-and-target dst_ip dst_port dst_asn dst_geo dst_region dst_city dst_hostname dst_naics dst_sector @event-target http_agent
event4_honeypot_adb_scan|Honeypot-ADB-Scanner|information-gathering/scanner|@event-source @vulnerability banner commands maxdata system_type opened
event4_honeypot_brute_force|Honeypot-Brute-Force-Events|intrusion-attempts/brute-force|@event-source service start_time end_time client_version username password payload_url payload_md5 vulnerability_enum vulnerability_id vulnerability_class vulnerability_score vulnerability_severity vulnerability_version target_vendor target_product target_class
event4_honeypot_darknet|Honeypot-Darknet|other/other|@event-source count
event4_honeypot_ddos|Honeypot-DDoS|availability/ddos|@event-source-and-target dst_ip dst_port dst_asn dst_geo dst_region dst_city dst_hostname dst_naics dst_sector @event-target http_agent
event4_honeypot_ddos_amp|Honeypot-Amplification-DDoS-Events|availability/ddos|@event-source request count bytes end_time duration avg_pps max_pps
event4_honeypot_ddos_target|Honeypot-DDoS-Target|availability/ddos|timestamp protocol dst_ip dst_port dst_asn dst_geo dst_region dst_city dst_hostname dst_naics dst_sector device_vendor device_type device_model severity src_ip src_port src_asn src_geo src_region src_city src_hostname src_naics src_sector @event-target
event4_honeypot_http_scan|Honeypot-HTTP-Scan|information-gathering/scanner|@event-source pattern http_url http_agent http_request_method url_scheme session_tags @vulnerability file_md5 file_sha256 request_raw body_raw
event4_honeypot_ics_scan|Honeypot-ICS-Scanner|information-gathering/scanner|@event-source state sensor_id slave_id function_code request response
event4_honeypot_ikev2_scan|Honeypot-IKEv2-Scanner|information-gathering/scanner|@event-source @vulnerability
event4_honeypot_rdp_scan|Honeypot-RDP-Scanner|information-gathering/scanner|@event-source @vulnerability cookie session_tags
event4_honeypot_rocketmq_scan|Honeypot-RocketMQ-Scanner|information-gathering/scanner|@event-source @vulnerability code flag language opaque serialize_type body body_base64
event4_honeypot_smb_scan|Honeypot-SMB-Scanner|information-gathering/scanner|@event-source @vulnerability command flags supported_protocols session_tags
event4_ip_spoofer|IP-Spoofer-Events|fraud/masquerade|@event-source network routedspoof session nat
event4_microsoft_sinkhole|Microsoft-Sinkhole-Events IPv4|malicious-code/infected-system|@event-source ssl_cipher ssl_servername
event4_microsoft_sinkhole_http|Microsoft-Sinkhole-Events-HTTP IPv4|malicious-code/infected-system|@event-source http_url http_host http_agent forwarded_by ssl_cipher http_referer ssl_servername machine_name
event4_sinkhole|Sinkhole-Events IPv4|malicious-code/infected-system|@event-source ssl_cipher ssl_servername
event4_sinkhole_dns|Sinkhole-DNS|other/other|@event-source-and-target infection family tag query_type query count
event4_sinkhole_http|Sinkhole-Events-HTTP IPv4|malicious-code/infected-system|@event-source http_url http_host http_agent forwarded_by ssl_cipher http_referer ssl_servername machine_name
event4_sinkhole_http_referer|Sinkhole-Events-HTTP-Referer IPv4|malicious-code/infected-system|@referer
event6_sinkhole|Sinkhole-Events IPv6|malicious-code/infected-system|@event-source ssl_cipher ssl_servername
event6_sinkhole_http|Sinkhole-Events-HTTP IPv6|malicious-code/infected-system|@event-source http_url http_host http_agent forwarded_by ssl_cipher http_referer ssl_servername machine_name
event6_sinkhole_http_referer|Sinkhole-Events-HTTP-Referer IPv6|malicious-code/infected-system|@referer
malware_url|Malware-URL|malicious-code/malware-distribution|timestamp url hostname ip asn geo region city naics sector severity port tag source sha256 application
population6_bgp|IPv6-Accessible-BGP|vulnerable/vulnerable-system|@scan @bgp
population6_http_proxy|IPv6-Accessible-HTTP-Proxy|other/other|@scan @proxy
population6_isakmp|IPv6-Accessible-ISAKMP|other/other|@scan @isakmp
population6_msmq|IPv6-Accessible-MSMQ|vulnerable/vulnerable-system|@scan response_size
population_bgp|Accessible-BGP|vulnerable/vulnerable-system|@scan @bgp
population_http_proxy|Accessible-HTTP-Proxy|other/other|@scan @proxy
population_isakmp|Accessible-ISAKMP|other/other|@scan @isakmp
population_msmq|Accessible-MSMQ|vulnerable/vulnerable-system|@scan response_size
population_ntrip|Accessible-NTRIP|other/other|@scan ntrip ntrip_code ntrip_reason content_type connection server content_length ntrip_version ntrip_date ntrip_type mount_point identifier format format_details carrier nav_system network ntrip_country ntrip_latitude ntrip_longitude nmea solution generator compression authentication fee bit_rate misc header_base64 body_base64
ransomware_victim|Ransomware-victim|intrusions/system-compromise|timestamp entity_name website geo region sector date_published ransomware leak_site_url severity actor_geo_stats_30d actor_total_stats_30d
sandbox_conn|Sandbox-Connections|malicious-code/malware-distribution|timestamp severity ip asn geo md5 protocol port hostname bytes_in bytes_out region city naics sector sha1 sha256
sandbox_dns|Sandbox-DNS|other/other|timestamp md5 request request_type response family tag source severity sha1 sha256
sandbox_url|Sandbox-URL|malicious-code/malware-distribution|timestamp severity ip asn geo md5 url user_agent hostname method naics sector region city port sha1 sha256
scan6_activemq|IPv6-Accessible-ActiveMQ|vulnerable/vulnerable-system|@scan command vendor version
scan6_badsecrets|IPv6-Badsecrets|vulnerable/weak-crypto|@scan badsecret_location badsecret_module badsecret_type badsecret_product http http_code server request_path cert_serial_number subject_common_name issuer_common_name subject_organization_name issuer_organization_name sha1_fingerprint sha256_fingerprint badsecret_secret
scan6_bgp|IPv6-Open-BGP|vulnerable/vulnerable-system|@scan @bgp
scan6_cwmp|IPv6-Accessible-CWMP|vulnerable/vulnerable-system|@scan @http
scan6_dns|IPv6-DNS-Open-Resolvers|vulnerable/vulnerable-system|@scan dns_version min_amplification
scan6_elasticsearch|IPv6-Open-Elasticsearch|vulnerable/vulnerable-system|@scan version ok name cluster_name http_code build_hash build_timestamp build_snapshot lucene_version tagline
scan6_exchange|IPv6-Vulnerable-Exchange||@scan version servername url
scan6_ftp|IPv6-Accessible-FTP|vulnerable/vulnerable-system|timestamp severity ip protocol port hostname tag asn geo region city naics hostname_source @device banner handshake cipher_suite @certificate cert_serial_number ssl_version @certificate-names @checked-certificate auth_tls_response auth_ssl_response tlsv13_support tlsv13_cipher jarm
scan6_http|IPv6-Accessible-HTTP|other/other|@scan @http version
scan6_http_proxy|IPv6-Open-HTTP-Proxy|vulnerable/vulnerable-system|@scan @proxy
scan6_http_vulnerable|IPv6-Vulnerable-HTTP|vulnerable/vulnerable-system|@scan @http version build_date detail build_branch
scan6_imap|IPv6-Accessible-IMAP|other/other|@scan @mail-banner
scan6_imap_vulnerable|IPv6-Vulnerable-IMAP|vulnerable/vulnerable-system|@scan @mail-banner
scan6_ip_tunnel|IPv6-Open-IP-Tunnel|vulnerable/vulnerable-system|@scan response
scan6_ipp|IPv6-Open-IPP|vulnerable/vulnerable-system|@scan @device ipp_version cups_version printer_uris printer_name printer_info printer_more_info printer_make_and_model printer_firmware_name printer_firmware_string_version printer_firmware_version printer_organization printer_organization_unit printer_uuid printer_wifi_ssid
scan6_isakmp|IPv6-Vulnerable-ISAKMP|vulnerable/vulnerable-system|@scan @isakmp
scan6_ldap_tcp|IPv6-Open-LDAP-TCP|vulnerable/vulnerable-system|@scan @device @ldap handshake cipher_suite @certificate cert_serial_number ssl_version @certificate-names @checked-certificate auth_tls_response auth_ssl_response tlsv13_support tlsv13_cipher jarm
scan6_mongodb|IPv6-Open-MongoDB|vulnerable/vulnerable-system|@scan version gitversion sysinfo opensslversion allocator javascriptengine bits maxbsonobjectsize ok visible_databases
scan6_mqtt|IPv6-Open-MQTT|vulnerable/vulnerable-system|@scan anonymous_access raw_response hex_code code cipher_suite @certificate @fingerprints cert_serial_number ssl_version @certificate-names
scan6_mqtt_anon|IPv6-Open-Anonymous-MQTT|vulnerable/vulnerable-system|@scan raw_response hex_code code cipher_suite @certificate @fingerprints cert_serial_number ssl_version @certificate-names
scan6_msrpc|IPv6-Accessible-MS-RPC|vulnerable/potentially-unwanted-accessible|@scan version packet_type packet_type_value packet_flags data_representation fragment_length auth_length call_id max_transmit max_receive association_group raw_response
scan6_mysql|IPv6-Accessible-MySQL|vulnerable/vulnerable-system|@scan @mysql @certificate cert_serial_number ssl_version @certificate-names @checked-certificate browser_trusted browser_error raw_cert raw_cert_chain
scan6_ntp|IPv6-NTP-Version|vulnerable/vulnerable-system|@scan version clk_wander clock error frequency jitter leap mintc noise offset peer phase poll precision processor refid reftime rootdelay rootdispersion stability state stratum system tai tc response_size amplification
scan6_ntpmonitor|IPv6-NTP-Monitor|vulnerable/vulnerable-system|@scan packets response_size amplification
scan6_pop3|IPv6-Accessible-POP3|other/other|@scan @mail-banner
scan6_pop3_vulnerable|IPv6-Vulnerable-POP3|vulnerable/vulnerable-system|@scan @mail-banner
scan6_postgres|IPv6-Accessible-PostgreSQL|vulnerable/vulnerable-system|@scan @postgres @certificate cert_serial_number ssl_version @certificate-names @checked-certificate browser_trusted browser_error raw_cert raw_cert_chain
scan6_rdp|IPv6-Accessible-RDP|vulnerable/vulnerable-system|@scan handshake rdp_protocol @certificate cert_serial_number ssl_version signature_algorithm key_algorithm @fingerprints tlsv13_support tlsv13_cipher jarm
scan6_rsync|IPv6-Accessible-Rsync|vulnerable/vulnerable-system|@scan module motd has_password
scan6_slp|IPv6-Accessible-SLP|vulnerable/vulnerable-system|@scan version function function_text flags next_extension_offset xid language_tag_length language_tag error_code error_code_text response_size raw_response
scan6_smb|IPv6-Accessible-SMB|vulnerable/vulnerable-system|@scan arch key smb_major_number smb_minor_number smb_revision smb_version_string
scan6_smtp|IPv6-Accessible-SMTP|other/other|@scan @mail-tls
scan6_smtp_vulnerable|IPv6-Vulnerable-SMTP|vulnerable/vulnerable-system|@scan @mail-tls
scan6_snmp|IPv6-Open-SNMP|vulnerable/vulnerable-system|@scan @device version sysname sysdesc community response_size amplification uptime mac_address vendor_id vendor
scan6_ssh|IPv6-Accessible-SSH|other/other|@scan @device serverid_raw serverid_version serverid_software serverid_comment server_cookie @ssh banner userauth_methods hassh
scan6_ssl|IPv6-Accessible-SSL|other/other|@scan handshake cipher_suite ssl_poodle @certificate cert_serial_number ssl_version @certificate-names freak_vulnerable freak_cipher_suite @https jarm
scan6_ssl_freak|SSL-FREAK-Vulnerable-Servers IPv6|vulnerable/weak-crypto|@scan @device handshake cipher_suite @certificate cert_serial_number @certificate-names freak_vulnerable freak_cipher_suite @https raw_cert raw_cert_chain jarm page_sha256fp
scan6_ssl_poodle|SSL-POODLE-Vulnerable-Servers IPv6|vulnerable/weak-crypto|@scan @device handshake cipher_suite ssl_poodle @certificate cert_serial_number ssl_version @certificate-names @https raw_cert raw_cert_chain jarm page_sha256fp
scan6_stun|IPv6-Accessible-Session-Traversal-Utilities-for-NAT|other/other|@scan transaction_id magic_cookie message_length message_type mapped_family mapped_address mapped_port xor_mapped_family xor_mapped_address xor_mapped_port software fingerprint amplification response_size
scan6_telnet|IPv6-Accessible-Telnet|vulnerable/vulnerable-system|@scan banner
scan6_vnc|IPv6-Accessible-VNC|vulnerable/vulnerable-system|@scan product banner
scan_activemq|Accessible-ActiveMQ|vulnerable/vulnerable-system|@scan command vendor version
scan_adb|Accessible-ADB|vulnerable/vulnerable-system|@scan @device name model device features
scan_afp|Accessible-AFP|vulnerable/vulnerable-system|@scan machine_type afp_versions uams flags server_name signature directory_service utf8_servername network_address
scan_amqp|Accessible-AMQP|vulnerable/vulnerable-system|@scan channel message_length class method version_major version_minor capabilities cluster_name platform product product_version mechanisms locales
scan_ard|Accessible-ARD|vulnerable/vulnerable-system|@scan machine_name response_size amplification
scan_badsecrets|Badsecrets|vulnerable/weak-crypto|@scan badsecret_location badsecret_module badsecret_type badsecret_product http http_code server request_path cert_serial_number subject_common_name issuer_common_name subject_organization_name issuer_organization_name sha1_fingerprint sha256_fingerprint badsecret_secret
scan_bgp|Open-BGP|vulnerable/vulnerable-system|@scan @bgp
scan_chargen|Open-Chargen|vulnerable/vulnerable-system|@scan response_size amplification
scan_cisco_smart_install|Accessible-Cisco-Smart-Install|vulnerable/vulnerable-system|@scan
scan_coap|Accessible-CoAP|vulnerable/vulnerable-system|@scan version response response_size amplification
scan_couchdb|Accessible-CouchDB|vulnerable/vulnerable-system|@scan server_version couchdb_message couchdb_version git_sha features vendor visible_databases error error_reason
scan_cwmp|Accessible-CWMP|vulnerable/vulnerable-system|@scan @http
scan_db2|Open-DB2-Discovery-Service|vulnerable/vulnerable-system|@scan db2_hostname servername response_size amplification
scan_ddos_middlebox|Vulnerable-DDoS-Middlebox|vulnerable/vulnerable-system|@scan source_port bytes amplification method
scan_dns|DNS-Open-Resolvers|vulnerable/vulnerable-system|@scan dns_version min_amplification
scan_docker|Accessible-Docker|vulnerable/vulnerable-system|@scan version http http_code http_reason content_type server date experimental api_version arch go_version os kernel_version git_commit min_api_version build_time pkg_version
scan_dvr_dhcpdiscover|Accessible-DVR-DHCPDiscover|vulnerable/vulnerable-system|@scan @device device_id device_serial machine_name manufacturer method http_port internal_port video_input_channels alarm_input_channels video_output_channels alarm_output_channels remote_video_input_channels mac_address ipv4_address ipv4_gateway ipv4_subnet_mask ipv4_dhcp_enable ipv6_address ipv6_link_local ipv6_gateway ipv6_dhcp_enable response_size amplification
scan_elasticsearch|Open-Elasticsearch|vulnerable/vulnerable-system|@scan version ok name cluster_name http_code build_hash build_timestamp build_snapshot lucene_version tagline
scan_epmd|Accessible-Erlang-Port-Mapper-Daemon|vulnerable/vulnerable-system|@scan nodes
scan_exchange|Vulnerable-Exchange-Server||@scan version servername url
scan_ftp|Accessible-FTP|vulnerable/vulnerable-system|timestamp severity ip protocol port hostname tag asn geo region city naics hostname_source @device banner handshake cipher_suite @certificate cert_serial_number ssl_version @certificate-names @checked-certificate auth_tls_response auth_ssl_response tlsv13_support tlsv13_cipher jarm
scan_gtp|Accessible-GPRS-Tunneling-Protocol-GTP|vulnerable/potentially-unwanted-accessible|@scan flags message_type message_type_text message_length teid sequence recovery response_size raw_response
scan_hadoop|Accessible-Hadoop|vulnerable/vulnerable-system|@scan version server_type clusterid total_disk used_disk free_disk livenodes namenodeaddress volumeinfo
scan_http|Accessible-HTTP|other/other|@scan @http version
scan_http_proxy|Open-HTTP-Proxy|vulnerable/vulnerable-system|@scan @proxy
scan_http_vulnerable|Vulnerable-HTTP|vulnerable/vulnerable-system|@scan @http version build_date detail build_branch
scan_ics|Accessible-ICS|vulnerable/vulnerable-system|@scan @device device_id response_size raw_response
scan_imap|Accessible-IMAP|other/other|@scan @mail-banner
scan_imap_vulnerable|Vulnerable-IMAP|vulnerable/vulnerable-system|@scan @mail-banner
scan_ip_tunnel|Open-IP-Tunnel|vulnerable/vulnerable-system|@scan response
scan_ipmi|Open-IPMI|vulnerable/vulnerable-system|@scan ipmi_version none_auth md2_auth md5_auth passkey_auth oem_auth defaultkg permessage_auth userlevel_auth usernames nulluser anon_login error deviceid devicerev firmwarerev version manufacturerid manufacturername productid productname
scan_ipp|Open-IPP|vulnerable/vulnerable-system|@scan @device ipp_version cups_version printer_uris printer_name printer_info printer_more_info printer_make_and_model printer_firmware_name printer_firmware_string_version printer_firmware_version printer_organization printer_organization_unit printer_uuid printer_wifi_ssid
scan_isakmp|Vulnerable-ISAKMP|vulnerable/vulnerable-system|@scan @isakmp
scan_kubernetes|Accessible-Kubernetes-API|vulnerable/vulnerable-system|@scan version http http_code http_reason content_type server date major minor git_version git_commit git_tree_state build_date go_version compiler platform handshake cipher_suite @certificate cert_serial_number ssl_version @certificate-names @checked-certificate browser_trusted browser_error raw_cert raw_cert_chain
scan_ldap_tcp|Open-LDAP-TCP|vulnerable/vulnerable-system|@scan @device @ldap handshake cipher_suite @certificate cert_serial_number ssl_version @certificate-names @checked-certificate auth_tls_response auth_ssl_response tlsv13_support tlsv13_cipher jarm
scan_ldap_udp|Open-LDAP|vulnerable/vulnerable-system|@scan @ldap
scan_loop_dos|Loop-DoS|vulnerable/vulnerable-system|@scan detail application
scan_mdns|Open-mDNS|vulnerable/vulnerable-system|@scan mdns_name mdns_ipv4 mdns_ipv6 services workstation_name workstation_ipv4 workstation_ipv6 workstation_info http_name http_ipv4 http_ipv6 http_ptr http_info http_target http_port spotify_name spotify_ipv4 spotify_ipv6 opc_ua_discovery
scan_memcached|Open-Memcached|vulnerable/vulnerable-system|@scan version pid pointer_size uptime time curr_connections total_connections response_size amplification
scan_mongodb|Open-MongoDB|vulnerable/vulnerable-system|@scan version gitversion sysinfo opensslversion allocator javascriptengine bits maxbsonobjectsize ok visible_databases
scan_mqtt|Open-MQTT|vulnerable/vulnerable-system|@scan anonymous_access raw_response hex_code code cipher_suite @certificate @fingerprints cert_serial_number ssl_version @certificate-names
scan_mqtt_anon|Open-Anonymous-MQTT|vulnerable/vulnerable-system|@scan raw_response hex_code code cipher_suite @certificate @fingerprints cert_serial_number ssl_version @certificate-names
scan_msrpc|Accessible-MS-RPC|vulnerable/potentially-unwanted-accessible|@scan version packet_type packet_type_value packet_flags data_representation fragment_length auth_length call_id max_transmit max_receive association_group raw_response
scan_mssql|Open-MSSQL|vulnerable/vulnerable-system|@scan version server_name instance_name tcp_port named_pipe response_size amplification
scan_mysql|Accessible-MySQL|vulnerable/vulnerable-system|@scan @mysql @certificate cert_serial_number ssl_version @certificate-names @checked-certificate browser_trusted browser_error raw_cert raw_cert_chain
scan_nat_pmp|Open-NATPMP|vulnerable/vulnerable-system|@scan version opcode uptime external_ip response_size amplification
scan_netbios|Open-NetBIOS-Nameservice|vulnerable/vulnerable-system|@scan mac_address workgroup machine_name username response_size amplification
scan_netis_router|Open-Netis|vulnerable/vulnerable-system|@scan response response_size amplification
scan_ntp|NTP-Version|vulnerable/vulnerable-system|@scan version clk_wander clock error frequency jitter leap mintc noise offset peer phase poll precision processor refid reftime rootdelay rootdispersion stability state stratum system tai tc response_size amplification
scan_ntpmonitor|NTP-Monitor|vulnerable/vulnerable-system|@scan packets response_size amplification
scan_pop3|Accessible-POP3|other/other|@scan @mail-banner
scan_pop3_vulnerable|Vulnerable-POP3|vulnerable/vulnerable-system|@scan @mail-banner
scan_portmapper|Open-Portmapper|vulnerable/vulnerable-system|@scan programs mountd_port exports response_size amplification
scan_post_exploitation_framework|Post-Exploitation-Framework|malicious-code/infected-system|@scan http http_url http_code content_type content_length architecture beacon_type beacon_host beacon_port beacon_http_get beacon_http_post license_id config_md5 config_sha1 config_sha256 config_sha512 binary_md5 binary_sha1 binary_sha256 binary_sha512 encoded_length encoded_data
scan_postgres|Accessible-PostgreSQL|vulnerable/vulnerable-system|@scan @postgres @certificate cert_serial_number ssl_version @certificate-names @checked-certificate browser_trusted browser_error raw_cert raw_cert_chain
scan_qotd|Open-QOTD|vulnerable/vulnerable-system|@scan quote response_size amplification
scan_quic|Accessible-QUIC|other/other|@scan version_field_1 version_field_2 version_field_3 version_field_4
scan_radmin|Accessible-Radmin|vulnerable/vulnerable-system|@scan version
scan_rdp|Accessible-RDP|vulnerable/vulnerable-system|@scan handshake rdp_protocol @certificate cert_serial_number ssl_version signature_algorithm key_algorithm @fingerprints tlsv13_support tlsv13_cipher jarm
scan_rdpeudp|Accessible-MS-RDPEUDP|vulnerable/vulnerable-system|@scan sessionid response_size amplification
scan_redis|Open-Redis|vulnerable/vulnerable-system|@scan version git_sha1 git_dirty_flag build_id mode os architecture multiplexing_api gcc_version process_id run_id uptime connected_clients
scan_rsync|Accessible-Rsync|vulnerable/vulnerable-system|@scan module motd has_password
scan_sip|Accessible-SIP|vulnerable/vulnerable-system|@scan sip sip_code sip_reason user_agent sip_via sip_to sip_from content_length content_type server contact cseq call_id allow amplification response_size
scan_slp|Accessible-SLP|vulnerable/vulnerable-system|@scan version function function_text flags next_extension_offset xid language_tag_length language_tag error_code error_code_text response_size raw_response
scan_smb|Accessible-SMB|vulnerable/vulnerable-system|@scan arch key smb_major_number smb_minor_number smb_revision smb_version_string
scan_smtp|Accessible-SMTP|other/other|@scan @mail-tls
scan_smtp_vulnerable|Vulnerable-SMTP|vulnerable/vulnerable-system|@scan @mail-tls
scan_snmp|Open-SNMP|vulnerable/vulnerable-system|@scan @device version sysname sysdesc community response_size amplification uptime mac_address vendor_id vendor
scan_socks|Accessible-SOCKS4/5-Proxy|vulnerable/vulnerable-system|@scan
scan_ssdp|Open-SSDP|vulnerable/vulnerable-system|@scan header systime cache_control location server search_target unique_service_name host nts nt content_type server_port instance version updated_at resource_identifier amplification response_size
scan_ssh|Accessible-SSH|other/other|@scan @device serverid_raw serverid_version serverid_software serverid_comment server_cookie @ssh banner userauth_methods hassh
scan_ssl|Accessible-SSL|other/other|@scan handshake cipher_suite ssl_poodle @certificate cert_serial_number ssl_version @certificate-names freak_vulnerable freak_cipher_suite @https jarm
scan_ssl_freak|SSL-FREAK-Vulnerable-Servers|vulnerable/weak-crypto|@scan @device handshake cipher_suite @certificate cert_serial_number @certificate-names freak_vulnerable freak_cipher_suite @https raw_cert raw_cert_chain jarm page_sha256fp
scan_ssl_poodle|SSL-POODLE-Vulnerable-Servers IPv4|vulnerable/weak-crypto|@scan @device handshake cipher_suite ssl_poodle @certificate cert_serial_number ssl_version @certificate-names @https raw_cert raw_cert_chain jarm page_sha256fp
scan_stun|Accessible-Session-Traversal-Utilities-for-NAT|other/other|@scan transaction_id magic_cookie message_length message_type mapped_family mapped_address mapped_port xor_mapped_family xor_mapped_address xor_mapped_port software fingerprint amplification response_size
scan_synfulknock|SYNful-Knock|vulnerable/vulnerable-system|@scan sequence_number ack_number window_size urgent_pointer tcp_flags raw_packet
scan_telnet|Accessible-Telnet|vulnerable/vulnerable-system|@scan banner
scan_tftp|Open-TFTP|vulnerable/vulnerable-system|@scan opcode errorcode error errormessage response_size amplification
scan_ubiquiti|Accessible-Ubiquiti-Discovery-Service|vulnerable/vulnerable-system|@scan mac radioname essid modelshort modelfull firmware response_size amplification
scan_vnc|Accessible-VNC|vulnerable/vulnerable-system|@scan product banner
scan_ws_discovery|Accessible-WS-Discovery-Service|vulnerable/vulnerable-system|@scan response_size amplification error raw_response
scan_xdmcp|Open-XDMCP|vulnerable/vulnerable-system|@scan opcode reported_hostname status response_size amplification
spam_url|Spam-URL|abusive-content/spam|timestamp url hostname ip asn geo region city naics sector severity port tag source sender subject src_ip src_asn src_geo src_region src_city src_naics src_sector
special|Special|vulnerable/vulnerable-system|timestamp ip port protocol asn geo region city hostname naics sector tag public_source status detail method device_vendor severity hostname_source first_seen_time last_seen_time potential_exposure_time
`;

export type ReportKind = {
  name: string;
  title: string;
  /** `class/type` of RSIT; empty where the schema names none. */
  rsit: string;
  columns: readonly string[];
};

const groups = new Map(linesOf(GROUPS).map(([name = "", columns = ""]) => [name, columns.split(" ")]));

export const REPORT_KINDS: readonly ReportKind[] = linesOf(REPORTS).map(
  ([name = "", title = "", rsit = "", columns = ""]) => ({
    name,
    title,
    rsit,
    columns: columns
      .split(" ")
      .flatMap((column) => (column.startsWith("@") ? (groups.get(column.slice(1)) ?? []) : [column])),
  }),
);

function linesOf(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.split("|"));
}
