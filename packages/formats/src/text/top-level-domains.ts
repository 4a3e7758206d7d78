/**
 * Which endings make a name in running text a domain. Data: every country's domain and the generic ones that
 * are common in reports. Endings that programs use for files count only where the writer shows that a domain
 * is meant: defanged, after www., or below a country's second level.
 */
const COUNTRIES =
  "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc " +
  "cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga " +
  "gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp " +
  "ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms " +
  "mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro " +
  "rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt " +
  "tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

const GENERIC =
  "academy agency app arpa art asia bar bank bet best bid biz blog bond buzz cam cash cat center cfd chat city click " +
  "cloud club codes com company cool coop credit cyou date design dev digital download edu email energy events " +
  "exchange expert express fit fun fund fyi games gdn global gov group guru help host hosting icu inc info ink int " +
  "invalid investments jobs land lat life limited link live loan lol ltd market marketing media men mil mobi moe mom " +
  "monster mov museum name net network news ninja nexus one online onion onl org page party photos pics plus press " +
  "pro pub quest racing realtor red ren rent rest review rocks run sale sbs school science security select services " +
  "shop show site skin social software solutions space storage store stream studio support surf systems tech " +
  "technology tel test tips today tokyo tools top trade trading travel tube university vip wang watch webcam website " +
  "wiki win work works world wtf xin xyz yachts zip zone example";

const ALSO_FILES = new Set(
  "app bar cab cat cc cfd do inc lc link md mk ml mov pl pm ps py rs sh so st zip".split(" "),
);

/** `cc` and `ml` are files of programmers and domains of criminals: the criminals are more. */
const MORE_OFTEN_DOMAINS = new Set(["app", "cc", "cfd", "do", "link", "ml", "st"]);

const KNOWN = new Set([...COUNTRIES.split(" "), ...GENERIC.split(" ")]);
const SECOND_LEVELS = new Set(["ac", "co", "com", "edu", "go", "gov", "mil", "net", "org", "or"]);

/** `host` is in lower case. */
export function looksLikeDomain(host: string, shown: boolean): boolean {
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  if (labels.length < 2 || labels.some((label) => label === "")) return false;
  const international = last.startsWith("xn--") || (/^\p{L}{2,}$/u.test(last) && !/^[a-z]+$/.test(last));
  if (!international && !KNOWN.has(last)) return shown && /^[a-z]{2,63}$/.test(last);
  if (!ALSO_FILES.has(last) || MORE_OFTEN_DOMAINS.has(last)) return true;
  return shown || labels[0] === "www" || (labels.length > 2 && SECOND_LEVELS.has(labels.at(-2) ?? ""));
}
