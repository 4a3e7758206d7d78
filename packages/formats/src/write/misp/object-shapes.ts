/** An object template as MISP publishes it (misp-objects): what its attributes are typed as, by their relation. */
export type ObjectShape = {
  uuid: string;
  version: string;
  category: string;
  types: Readonly<Record<string, string>>;
};

const shape = (uuid: string, version: string, category: string, types: string): ObjectShape => ({
  uuid,
  version,
  category,
  types: Object.fromEntries(types.split(" ").map((pair) => pair.split("=") as [string, string])),
});

/** Templates of MISP that objects are written by; a relation that stands in none of them is typed `text`. */
export const OBJECT_SHAPES: Readonly<Record<string, ObjectShape>> = {
  file: shape(
    "688c46fb-5edb-40a3-8273-1af7923e2215",
    "25",
    "file",
    "authentihash=authentihash filename=filename imphash=imphash md5=md5 mimetype=mime-type sha1=sha1 sha224=sha224 sha256=sha256 sha3-224=sha3-224 sha3-256=sha3-256 sha3-384=sha3-384 sha3-512=sha3-512 sha384=sha384 sha512=sha512 sha512/224=sha512/224 sha512/256=sha512/256 size-in-bytes=size-in-bytes ssdeep=ssdeep telfhash=telfhash tlsh=tlsh vhash=vhash",
  ),
  "domain-ip": shape(
    "43b3b146-77eb-4931-b4cc-b66c60f28734",
    "11",
    "network",
    "domain=domain ip=ip-dst port=port",
  ),
  url: shape("60efb77b-40b5-4c46-871b-ed1ed999fce5", "10", "network", "url=url"),
  "stix2-pattern": shape(
    "0c5bd072-7c3e-4d45-86f7-a8104d9143b9",
    "4",
    "misc",
    "comment=comment stix2-pattern=stix2-pattern",
  ),
  email: shape(
    "a0c666e0-fc65-4be8-b48f-3423d788b552",
    "19",
    "network",
    "attachment=email-attachment bcc=email-dst cc=email-dst email-body=email-body from=email-src from-display-name=email-src-display-name header=email-header ip-src=ip-src message-id=email-message-id mime-boundary=email-mime-boundary reply-to=email-reply-to return-path=email-src send-date=datetime subject=email-subject thread-index=email-thread-index to=email-dst x-mailer=email-x-mailer",
  ),
  "network-connection": shape(
    "af16764b-f8e5-4603-9de1-de34d272f80b",
    "7",
    "network",
    "dst-bytes-count=size-in-bytes dst-packets-count=counter dst-port=port first-packet-seen=datetime hostname-dst=hostname hostname-src=hostname ip-dst=ip-dst ip-src=ip-src last-packet-seen=datetime src-bytes-count=size-in-bytes src-packets-count=counter src-port=port",
  ),
  "http-request": shape(
    "b4a8d163-8110-4239-bfcf-e08f3a9fdf7b",
    "4",
    "network",
    "content-type=other host=hostname ip-dst=ip-dst ip-src=ip-src method=http-method referer=other uri=uri user-agent=user-agent",
  ),
  x509: shape(
    "d1ab756a-26b5-4349-9f43-765630f0911c",
    "14",
    "network",
    "email=email-dst ip=ip-dst is_self_signed=boolean self_signed=boolean uri=uri validity-not-after=datetime validity-not-before=datetime x509-fingerprint-md5=x509-fingerprint-md5 x509-fingerprint-sha1=x509-fingerprint-sha1 x509-fingerprint-sha256=x509-fingerprint-sha256",
  ),
  "registry-key": shape(
    "8b3228ad-6d82-4fe6-b2ae-05426308f1d5",
    "5",
    "file",
    "key=regkey last-modified=datetime",
  ),
  process: shape(
    "02aeef94-ac23-455c-addb-731757ceafb5",
    "10",
    "misc",
    "creation-time=datetime hidden=boolean image=filename start-time=datetime",
  ),
  asn: shape("4ec55cc6-9e49-4c64-b794-03c25c1a6587", "6", "network", "asn=AS"),
  software: shape("b1b5dc0e-73fe-443c-8d9d-0e208de3951e", "1", "misc", "cpe=cpe"),
  directory: shape(
    "23ac6a02-1017-4ea6-a4df-148ed563988d",
    "1",
    "file",
    "access-time=datetime creation-time=datetime modification-time=datetime",
  ),
  "user-account": shape(
    "49606b06-22f0-4ac8-8eee-2f12ad46f3d3",
    "6",
    "misc",
    "can_escalate_privs=boolean created=datetime disabled=boolean email=email expires=datetime first_login=datetime is_service_account=boolean last_login=datetime link=link password_last_changed=datetime privileged=boolean",
  ),
  person: shape(
    "a15b0477-e9d1-4b9c-9546-abe78a4f4248",
    "21",
    "misc",
    "e-mail=email-src fax-number=phone-number first-name=first-name full-name=full-name ip-src=ip-src last-name=last-name middle-name=middle-name phone-number=phone-number",
  ),
  organization: shape(
    "f750e12b-127a-432c-b022-b3f9153c4e2a",
    "9",
    "misc",
    "e-mail=email-src fax-number=phone-number phone-number=phone-number",
  ),
  vulnerability: shape(
    "81650945-f186-437b-8945-9f31715d32da",
    "12",
    "vulnerability",
    "created=datetime id=vulnerability references=link",
  ),
  geolocation: shape("cd6f2238-ba55-4888-82c4-104e6e1acf21", "8", "misc", "latitude=float longitude=float"),
  "av-signature": shape("4dbb56ef-4763-4c97-8696-a2bfc305cf8e", "1", "misc", "datetime=datetime"),
  "facebook-account": shape(
    "b9862b95-7d78-4938-a2b5-13e45c60f25a",
    "1",
    "misc",
    "attachment=attachment link=link",
  ),
  "github-user": shape(
    "4329b5e6-8e6a-4b55-8fd1-9033782017d4",
    "3",
    "misc",
    "link=link username=github-username",
  ),
  "gitlab-user": shape("39ef3197-08f5-445f-b3b6-9d4d8604071c", "1", "misc", ""),
  "reddit-account": shape(
    "6802f885-2003-494a-b234-61aadce62731",
    "2",
    "misc",
    "attachment=attachment link=link",
  ),
  "telegram-account": shape("06f02ecf-5afb-42c5-9cb0-b362e222f52c", "2", "misc", ""),
  "twitter-account": shape(
    "8066563f-881e-4f6a-9d6c-a9d15b8658bb",
    "7",
    "misc",
    "attachment=attachment link=link",
  ),
  yara: shape("b5acf82e-ecca-4868-82fe-9dbdf4d808c3", "9", "misc", "yara=yara comment=comment"),
};
