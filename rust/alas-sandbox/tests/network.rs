//! Which hosts and addresses can be reached.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use alas_sandbox::{Access, Asked, Grants, Host, Layer, Reach, Reason, Scope};

fn layer(network: Reach) -> Arc<Layer> {
    Layer::of(&Asked { network, ..Asked::default() }, Path::new("/"))
}

fn these(scopes: &[&str]) -> Reach {
    Reach::These(scopes.iter().map(|&scope| scope.to_owned()).collect())
}

fn grants(scopes: &[&str]) -> Grants {
    Grants::of(vec![layer(these(scopes))], Path::new("/"))
}

fn host(text: &str) -> Host {
    Host::parse(text).unwrap_or_else(|| panic!("{text} is a host"))
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn scopes_grant_hosts() {
    for (scope, name, port, is_granted) in [
        ("example.com", "example.com", 443, true),
        ("example.com", "EXAMPLE.com.", 8080, true),
        ("Example.COM.", "example.com", 80, true),
        ("example.com", "www.example.com", 443, false),
        ("example.com", "example.com.evil.test", 443, false),
        ("example.com", "notexample.com", 443, false),
        ("example.com:443", "example.com", 443, true),
        ("example.com:443", "example.com", 80, false),
        ("*.example.com", "www.example.com", 443, true),
        ("*.example.com", "a.b.example.com", 443, true),
        ("*.example.com", "example.com", 443, false),
        ("*.example.com", "notexample.com", 443, false),
        ("*.example.com:8080", "www.example.com", 8080, true),
        ("*.example.com:8080", "www.example.com", 443, false),
        ("127.0.0.1", "127.0.0.1", 1, true),
        ("127.0.0.1", "127.0.0.1.", 1, true),
        ("127.0.0.1", "[::ffff:127.0.0.1]", 1, true),
        ("[::ffff:7f00:1]", "127.0.0.1", 1, true),
        ("127.0.0.1", "localhost", 1, false),
        ("localhost", "localhost", 1, true),
        ("localhost", "127.0.0.1", 1, false),
        ("localhost", "evil.localhost", 1, false),
        ("[::1]:8080", "[::1]", 8080, true),
        ("[::1]:8080", "[0:0::0:1]", 8080, true),
        ("[::1]:8080", "[::1]", 80, false),
        ("[::1]", "[::1]", 80, true),
        ("*.0.0.1", "127.0.0.1", 80, false),
        ("xn--bcher-kva.example", "XN--Bcher-KVA.example", 80, true),
        ("0x7f.1", "127.0.0.1", 80, false),
        ("2130706433", "127.0.0.1", 80, false),
    ] {
        assert!(scope.parse::<Scope>().is_ok(), "{scope}");
        assert_eq!(grants(&[scope]).host(&host(name), port).is_ok(), is_granted, "{scope} {name} {port}");
    }
}

#[test]
fn what_is_no_scope_grants_nothing() {
    for scope in [
        "",
        "*",
        "*.",
        "*.*.com",
        "a.*.com",
        "http://a.example",
        "a.example/",
        "a.example:",
        "a.example:0",
        "a.example:65536",
        "a.example:+80",
        "a.example:080808",
        "user@a.example",
        "a b",
        "a..b",
        "-a",
        "[::1",
        "::1",
        "[::1]80",
        "[fe80::1%eth0]",
        "[127.0.0.1]",
        "bücher.example",
        "a%2eexample",
        "a.example:80:80",
    ] {
        assert!(scope.parse::<Scope>().is_err(), "{scope}");
        assert!(grants(&[scope]).host(&host("a.example"), 80).is_err(), "{scope}");
    }
}

#[test]
fn odd_spellings_are_no_hosts() {
    for text in [
        "",
        ".",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "0.0",
        "1.2.3.4.5",
        "256.1.1.1",
        "127.0.0.01",
        "a.0x",
        "a.1",
        "a.0X1f",
        "127.0.0.1..",
        "[::1",
        "::1",
        "[127.0.0.1]",
        "[::1%251]",
        "ex%61mple.com",
        "bücher.example",
        "１２７.0.0.1",
        "a_b .example",
        "user@example.com",
        "a,b",
        "a..b",
        "-a.example",
        "a-.example",
        "example.com:80",
        "example.com/",
        "a\\b",
        "a\0b",
    ] {
        assert_eq!(Host::parse(text), None, "{text}");
    }
    for (text, form) in [
        ("EXAMPLE.com.", "example.com"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[0::1]", "[::1]"),
        ("[::FFFF:10.0.0.1]", "10.0.0.1"),
        ("_dmarc.a-b.example", "_dmarc.a-b.example"),
        ("1a.2b", "1a.2b"),
    ] {
        assert_eq!(host(text).to_string(), form, "{text}");
    }
}

/// Addresses that a name must not lead to.
const INTERNAL: [&str; 45] = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
];

#[test]
fn names_lead_to_public_addresses() {
    let grants = grants(&["example.com", "*.example.com"]);
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.0.0.1",
        "128.0.0.1",
        "169.253.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.0.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "::ffff:8.8.8.8",
    ] {
        assert_eq!(grants.address(address(text), 80), Ok(()), "{text}");
    }
    for text in INTERNAL {
        let denial = grants.address(address(text), 80).unwrap_err();
        assert_eq!((denial.access, denial.reason), (Access::Network, Some(Reason::Internal)), "{text}");
        assert_eq!(denial.target, format!("{}:80", Host::Address(address(text).to_canonical())));
    }
}

#[test]
fn addresses_are_granted_by_themselves() {
    for (scope, text, port, is_granted) in [
        ("127.0.0.1", "127.0.0.1", 80, true),
        ("127.0.0.1", "::ffff:127.0.0.1", 80, true),
        ("127.0.0.1", "127.0.0.2", 80, false),
        ("127.0.0.1", "::1", 80, false),
        ("127.0.0.1:80", "127.0.0.1", 80, true),
        ("127.0.0.1:80", "127.0.0.1", 81, false),
        ("[::1]:8080", "::1", 8080, true),
        ("[::1]:8080", "::1", 80, false),
        ("localhost", "127.0.0.1", 80, true),
        ("localhost", "127.1.2.3", 80, true),
        ("localhost", "::1", 80, true),
        ("localhost", "::ffff:127.0.0.1", 80, true),
        ("localhost", "0.0.0.0", 80, false),
        ("localhost", "10.0.0.1", 80, false),
        ("localhost:80", "127.0.0.1", 81, false),
        ("*.localhost", "127.0.0.1", 80, false),
        ("10.0.0.1", "10.0.0.1", 80, true),
        ("10.0.0.1", "64:ff9b::a00:1", 80, false),
        ("example.com", "10.0.0.1", 80, false),
    ] {
        assert_eq!(grants(&[scope]).address(address(text), port).is_ok(), is_granted, "{scope} {text}");
    }
    let everything = Grants::of(vec![layer(Reach::Everything)], Path::new("/"));
    for text in INTERNAL {
        assert_eq!(everything.address(address(text), 80), Ok(()), "{text}");
    }
}

#[test]
fn every_layer_has_to_grant() {
    let both = |one: Reach, other: Reach| Grants::of(vec![layer(one), layer(other)], Path::new("/"));
    for (one, other, is_host, is_address) in [
        (these(&["localhost"]), these(&["localhost"]), true, true),
        (these(&["localhost"]), these(&["localhost:80"]), true, true),
        (these(&["localhost"]), Reach::Everything, true, true),
        (these(&["localhost"]), these(&["127.0.0.1"]), false, true),
        (these(&["localhost"]), these(&["example.com"]), false, false),
        (these(&["localhost"]), Reach::default(), false, false),
        (Reach::Everything, Reach::default(), false, false),
    ] {
        let grants = both(one.clone(), other.clone());
        assert_eq!(grants.host(&host("localhost"), 80).is_ok(), is_host, "{one:?} {other:?}");
        assert_eq!(grants.address(address("127.0.0.1"), 80).is_ok(), is_address, "{one:?} {other:?}");
    }
    assert!(Grants::default().host(&host("example.com"), 80).is_err());
}

#[test]
fn denials_say_what_was_tried() {
    let denial = grants(&[]).host(&host("Example.COM"), 443).unwrap_err();
    assert_eq!((denial.access.as_str(), &*denial.target), ("net", "example.com:443"));
    assert_eq!(denial.to_string(), r#"connect to "example.com:443""#);
    let denial = grants(&[]).address(address("::1"), 80).unwrap_err();
    let expected = r#"connect to "[::1]:80": it is no public address, which is granted only by itself"#;
    assert_eq!(denial.to_string(), expected);
}
