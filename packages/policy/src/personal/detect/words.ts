import { foldedWord } from "../text/fold.ts";
import { matchesOf } from "../text/matches.ts";

/* Words that say what a number beside them is, in the languages of the members, as `fold` leaves them. */

const PHONE = `phone telephone tel mobile handphone hp cell cellphone call whatsapp sms hotline fax contact no
  电话 電話 手机 手機 联系方式 传真 热线 微信 telefon talian bimbit faks telepon ponsel nomor|hp
  โทร โทรศัพท์ เบอร์ มือถือ โทรสาร ទូរស័ព្ទ លេខទូរស័ព្ទ ໂທ ໂທລະສັບ ເບີໂທ ဖုန်း တယ်လီဖုန်း
  điện|thoại số|điện|thoại di|động sđt telefone telemóvel telemovel telefono numero|telefone தொலைபேசி அலைபேசி கைபேசி`;

const NATIONAL_ID = `national|id national|identity id|number id|no id|card identity|card identity|number identification|number
  identification|card citizen|id ic|no ic|number nric fin mykad mykas mypr 身份证 身分證 身份證 公民身份号码 证件号 证件号码
  kad|pengenalan no|kp nombor|kad|pengenalan ktp nik nomor|induk|kependudukan nomor|ktp e-ktp
  cccd cmnd căn|cước chứng|minh|nhân|dân chứng|minh|thư số|định|danh định|danh|cá|nhân
  บัตรประชาชน เลขประจำตัวประชาชน เลขประจำตัว หมายเลขบัตร អត្តសញ្ញាណប័ណ្ណ លេខអត្តសញ្ញាណ ບັດປະຈຳຕົວ ເລກບັດ
  မှတ်ပုံတင် နိုင်ငံသားစိစစ်ရေး nrc umid crn philsys philid psn pcn sss gsis philhealth tin
  bilhete|de|identidade cartão|de|identidade numero|bi kartaun|eleitoral kartaun|identidade eleitoral
  அடையாள|அட்டை warga|emas kad|pintar smart|identity`;

const PASSPORT = `passport passport|no passport|number travel|document 护照 護照 pasport paspor pasaporte passaporte pasaporti
  หนังสือเดินทาง พาสปอร์ต លិខិតឆ្លងដែន ໜັງສືຜ່ານແດນ ຫນັງສືຜ່ານແດນ ပတ်စပို့ နိုင်ငံကူးလက်မှတ် hộ|chiếu கடவுச்சீட்டு`;

const VICTIM = `victim victims infected infection compromised breached hacked patient|zero 受害 受害者 被害 受感染 感染 被入侵 失陷 中招 受影响
  mangsa dijangkiti korban terinfeksi diretas biktima nahawahan เหยื่อ ผู้เสียหาย ติดเชื้อ ติดมัลแวร์ ถูกโจมตี
  ជនរងគ្រោះ ឆ្លងមេរោគ ຜູ້ເຄາະຮ້າຍ ຜູ້ເສຍຫາຍ ຕິດເຊື້ອ သားကောင် ခံရသူ ကူးစက်ခံရ nạn|nhân bị|nhiễm bị|xâm|nhập
  vítima vítimas infetado infectado comprometido vitima பாதிக்கப்பட்ட பாதிக்கப்பட்டவர்
  affected|host affected|hosts affected|ip affected|ips affected|server affected|servers affected|machine affected|machines
  affected|system affected|systems affected|address affected|addresses affected|endpoint affected|endpoints
  impacted|host impacted|hosts impacted|ip impacted|ips impacted|server impacted|servers impacted|system impacted|systems
  targeted|host targeted|hosts targeted|ip targeted|server targeted|servers targeted|system targeted|systems`;

/** What follows these is the attacker's, or no address at all. */
const NO_VICTIM = `attacker attackers malicious c2 c&c cnc command|and|control adversary threat|actor botnet|controller sinkhole
  version versions ver firmware build release 攻击者 攻擊者 恶意 惡意 控制端 版本 penyerang ผู้โจมตี kẻ|tấn|công atacante
  អ្នកវាយប្រហារ ຜູ້ໂຈມຕີ တိုက်ခိုက်သူ umaatake தாக்குபவர்`;

/** What folded text may hold between the words of one label. */
const GAP = "[ ._-]{0,2}";
const ASCII = /^[\x20-\x7e]+$/;
const BEYOND_ASCII = /[^\x20-\x7f\n]/;

/**
 * Words to look for in folded text. Those in ASCII have boundaries; scripts without spaces between words have none.
 * Texts are long and words many: alternatives are grouped by their first letter, and a text in ASCII is
 * searched for nothing else.
 */
class Words {
  readonly #inAscii: RegExp;
  readonly #beyond: RegExp;

  constructor(list: string) {
    const labels = list.trim().split(/\s+/);
    const folded = labels.map((label) => label.split("|").map(foldedWord));
    const isAscii = (parts: readonly string[]): boolean => ASCII.test(parts.join(""));
    this.#inAscii = new RegExp(`(?<![a-z0-9])(?:${byFirstLetter(folded.filter(isAscii))})s?(?![a-z])`, "g");
    this.#beyond = new RegExp(byFirstLetter(folded.filter((parts) => !isAscii(parts))), "g");
  }

  /** Where they end, in the order of the text. */
  endsIn(text: string): number[] {
    const ends = endsOf(text, this.#inAscii);
    if (!BEYOND_ASCII.test(text)) return ends;
    return [...ends, ...endsOf(text, this.#beyond)].sort((a, b) => a - b);
  }
}

function endsOf(text: string, words: RegExp): number[] {
  return matchesOf(text, words).map((match) => match.index + match[0].length);
}

/** The longer before the shorter, so that `passport no` is not taken for `passport`. */
function byFirstLetter(labels: readonly (readonly string[])[]): string {
  const sorted = [...labels].sort((a, b) => b.join("").length - a.join("").length);
  const groups = Map.groupBy(sorted, ([word = ""]) => word.charAt(0));
  return [...groups]
    .map(
      ([first, words]) => `${first}(?:${words.map((word) => sourceOf(word).slice(first.length)).join("|")})`,
    )
    .join("|");
}

function sourceOf(label: readonly string[]): string {
  return label.map((word) => word.replaceAll(/[^\p{L}\p{M}\p{N}-]/gu, "\\$&")).join(GAP);
}

export const PHONE_WORDS = new Words(PHONE);
export const NATIONAL_ID_WORDS = new Words(NATIONAL_ID);
export const PASSPORT_WORDS = new Words(PASSPORT);
export const VICTIM_WORDS = new Words(VICTIM);
export const NO_VICTIM_WORDS = new Words(NO_VICTIM);

/** Where words stand in a text, looked for once and only when somebody asks. */
export class WordPlaces {
  readonly #text: string;
  readonly #words: Words;
  #ends: readonly number[] | undefined;

  constructor(text: string, words: Words) {
    this.#text = text;
    this.#words = words;
  }

  get ends(): readonly number[] {
    this.#ends ??= this.#words.endsIn(this.#text);
    return this.#ends;
  }

  /** Where the last word ends that ends in the `reach` units before `at`; -1 where there is none. */
  lastBefore(at: number, reach: number): number {
    const { ends } = this;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    const end = ends[low - 1] ?? -1;
    return end >= at - reach ? end : -1;
  }
}
