//! Places against a slow and obvious computation, for every node of some documents.

use alas_syntax::json::{self, Kind, Limits, Node};
use alas_syntax::{Code, Location, Locations, NodeId};

/// Counts from the start of the text.
fn naive(text: &str, offset: usize, pointer: &str) -> Location {
    let before = &text[..offset];
    let line = before.split('\n').count();
    let column = before.split('\n').next_back().unwrap_or_default().chars().count() + 1;
    let number = |count: usize| u32::try_from(count).unwrap();
    Location { pointer: pointer.to_owned(), line: number(line), column: number(column) }
}

/// Checks the node, its keys, and all nodes inside, and returns how many there were.
fn check(locations: &Locations, node: Node<'_>, pointer: &str) -> usize {
    let text = locations.document().text();
    assert_eq!(locations.locate(node.id()), naive(text, node.offset(), pointer));
    assert_eq!(locations.offset(node.id()), node.offset());
    let mut count = 1;
    for (index, element) in node.elements().enumerate() {
        count += check(locations, element, &format!("{pointer}/{index}"));
    }
    for member in node.members() {
        let step = member.key.as_str().unwrap().replace('~', "~0").replace('/', "~1");
        let pointer = format!("{pointer}/{step}");
        assert_eq!(locations.locate(member.key.id()), naive(text, member.key.offset(), &pointer));
        count += 1 + check(locations, member.value, &pointer);
    }
    count
}

fn locations(text: &str) -> Locations {
    Locations::new(None, json::read_text(text, Limits::MODULE).unwrap())
}

#[test]
fn every_node_stands_where_counting_says() {
    let long_line = format!("[{}]", vec!["\"é😀\", {\"k\": 1}"; 3_000].join(", "));
    let long_text = format!("[{}]", vec!["\"é😀\"\r\n,\t{\"k\":\n1}"; 3_000].join(","));
    let cases = [
        "0",
        " \n\t\"x\"",
        "[]",
        "{}",
        "{\"\": {\"\": []}}",
        "{\"a/b~c\": [0, {\"~1\": [[], [1, [2]]]}], \"\\u0061\\n\": null}",
        "[\r\n1,\r\n  2,\n\r3\r\n]",
        "[\"é\", \"😀\", {\"ключ\": \"значение\", \"k\": [true]}]",
        include_str!("programs/everything.json"),
        &long_line,
        &long_text,
    ];
    for text in cases {
        let locations = locations(text);
        let count = check(&locations, locations.document().root(), "");
        assert_eq!(count, locations.document().node_count());
    }
}

#[test]
fn a_pointer_leads_back_to_its_node() {
    let text = include_str!("programs/everything.json");
    let locations = locations(text);
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let count = u32::try_from(locations.document().node_count()).unwrap();
    for node in (0..count).filter_map(|index| locations.document().node(NodeId(index))) {
        let pointer = locations.locate(node.id()).pointer;
        let found = value.pointer(&pointer).expect("the pointer leads somewhere");
        if node.kind() == Kind::Object {
            assert_eq!(
                found.as_object().map(serde_json::Map::len),
                Some(node.members().count()),
                "{pointer}"
            );
        }
    }
}

#[test]
fn foreign_ids_have_some_place() {
    let locations = locations("[1]");
    assert_eq!(locations.locate(NodeId(99)).pointer, "");
    assert_eq!(locations.offset(NodeId(u32::MAX)), 0);
    assert_eq!(locations.line_and_column(1_000), (1, 4));
}

#[test]
fn a_diagnostic_names_file_and_place() {
    let document = json::read_text("{\"a\":\n [true]}", Limits::MODULE).unwrap();
    let element = document.root().members().next().unwrap().value.elements().next().unwrap().id();
    let locations = Locations::new(Some("a.json".to_owned()), document);
    let help = Some("try another".to_owned());
    let diagnostic = locations.diagnostic(Code::TypeMismatch, element, "expected an int, found a bool", help);
    assert_eq!(
        diagnostic.to_string(),
        "a.json:2:3: error: expected an int, found a bool [type_mismatch]\n  help: try another"
    );
    assert_eq!(diagnostic.location.pointer, "/a/0");
}
