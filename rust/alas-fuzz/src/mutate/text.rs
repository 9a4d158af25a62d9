//! Changes of texts.

use fastrand::Rng;

use super::choose;

/// Numbers that readers get wrong.
const NUMBERS: &[&str] = &[
    "-0",
    "-0.0",
    "00",
    "1.",
    ".5",
    "1e",
    "1e+",
    "+1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "1e308",
    "1e309",
    "-1e400",
    "5e-324",
    "1e-400",
    "123456789012345678901234567890",
    "0.1000000000000000055511151231257827",
    "1E5",
    "2.2250738585072011e-308",
    "NaN",
    "Infinity",
    "0x10",
    "1_0",
];

/// Parts of strings that readers get wrong.
const PIECES: &[&[u8]] = &[
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ude00",
    b"\\ud83d\\u0041",
    b"\\u0000",
    b"\\u00",
    b"\\x",
    b"\\",
    b"\"",
    b"\0",
    b"\x1f",
    b"\x7f",
    b"\n",
    b"\r",
    b"\xef\xbb\xbf",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff",
    b"\xc3",
    "e\u{301}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    "😀".as_bytes(),
    "\u{1b}[31m".as_bytes(),
];

/// What stands around something that is nested: before it, and behind it.
const SHELLS: &[(&str, &str)] = &[
    ("[", "]"),
    ("{\"a\":", "}"),
    ("{\"type\":\"unary\",\"op\":\"-\",\"operand\":", "}"),
    ("{\"type\":\"field\",\"field\":\"x\",\"object\":", "}"),
    ("{\"type\":\"array_literal\",\"elements\":[", "]}"),
    ("{\"type\":\"while\",\"cond\":{\"type\":\"literal\",\"value\":true},\"body\":[", "]}"),
];

/// Changes a text in one to three places.
#[must_use]
pub fn change(text: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..random.usize(1..=3) {
        match random.u8(..8) {
            0 | 1 => replace_number(&mut text, random),
            2 => insert(&mut text, choose(random, PIECES), random),
            3 => repeat_member(&mut text, random),
            4 | 5 => nest(&mut text, random),
            6 => insert(&mut text, &[choose(random, b"{}[],: ")], random),
            _ => {
                let end = random.usize(..=text.len());
                text.truncate(end);
            }
        }
    }
    text
}

fn insert(text: &mut Vec<u8>, piece: &[u8], random: &mut Rng) {
    let at = random.usize(..=text.len());
    text.splice(at..at, piece.iter().copied());
}

fn replace_number(text: &mut Vec<u8>, random: &mut Rng) {
    let starts: Vec<usize> = (0..text.len())
        .filter(|at| text[*at].is_ascii_digit() && (*at == 0 || !text[at - 1].is_ascii_digit()))
        .collect();
    if starts.is_empty() {
        return;
    }
    let start = choose(random, &starts);
    let length = text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.splice(start..start + length, choose(random, NUMBERS).bytes());
}

/// Writes a stretch between two commas twice: a member, an element, or something odder.
fn repeat_member(text: &mut Vec<u8>, random: &mut Rng) {
    let commas: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b',').collect();
    if commas.len() < 2 {
        return;
    }
    let from = random.usize(..commas.len() - 1);
    let stretch = text[commas[from]..commas[from + 1]].to_vec();
    let at = choose(random, &commas);
    text.splice(at..at, stretch);
}

/// Puts an object, or an array, into shells.
fn nest(text: &mut Vec<u8>, random: &mut Rng) {
    let starts: Vec<usize> = (0..text.len()).filter(|at| matches!(text[*at], b'{' | b'[')).collect();
    if starts.is_empty() {
        return;
    }
    let start = choose(random, &starts);
    let mut depth = 0_usize;
    let end = text[start..].iter().position(|byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let end = end.map_or(text.len(), |length| start + length + 1);
    let (before, behind) = choose(random, SHELLS);
    let times = if random.bool() { random.usize(1..20) } else { random.usize(20..600) };
    text.splice(end..end, behind.repeat(times).bytes());
    text.splice(start..start, before.repeat(times).bytes());
}
