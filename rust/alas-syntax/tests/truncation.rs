//! A program that is cut off anywhere is an error and never a crash.

use alas_syntax::{Code, Source, parse};

/// Every statement and expression, escapes, and characters of one to four bytes.
const PROGRAM: &str = include_str!("programs/everything.json");

#[test]
fn the_whole_program_parses() {
    let syntax = parse(&Source { file: None, text: PROGRAM.into() }).unwrap();
    assert_eq!(syntax.diagnostics(), []);
}

#[test]
fn every_part_of_the_program_is_a_syntax_error() {
    for length in 0..PROGRAM.trim_end().len() {
        let text = PROGRAM.as_bytes()[..length].to_vec();
        let lines = text.split(|byte| *byte == b'\n').count();
        let diagnostics = parse(&Source { file: None, text }).expect_err("the text is cut off").0;
        let [diagnostic] = diagnostics.as_slice() else { panic!("{length} bytes: {diagnostics:?}") };
        assert_eq!(diagnostic.code, Code::JsonSyntax, "{length} bytes");
        assert!(diagnostic.location.line as usize <= lines, "{length} bytes: {diagnostic}");
    }
}

#[test]
fn the_program_without_any_one_byte_does_not_crash() {
    for left_out in 0..PROGRAM.len() {
        let mut text = PROGRAM.as_bytes().to_vec();
        text.remove(left_out);
        let _ = parse(&Source { file: None, text });
    }
}

#[test]
fn the_program_with_any_byte_replaced_does_not_crash() {
    for replaced in 0..PROGRAM.len() {
        for byte in [0, b' ', b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'0', b'-', 0x80, 0xFF] {
            let mut text = PROGRAM.as_bytes().to_vec();
            text[replaced] = byte;
            let _ = parse(&Source { file: None, text });
        }
    }
}
