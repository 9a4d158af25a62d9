//! Requests: what they take, what they give, and what they refuse.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use alas_sandbox::{Asked, Denial, Grants, Layer, Reach};
use alas_value::Value;
use alas_vm::{ErrorCode, Fault, Host};

use crate::support::{Recorder, call, entry, host, program, same, value, values};

fn granted(network: Reach) -> Host {
    let layer = Layer::of(&Asked { network, ..Asked::default() }, Path::new("/"));
    Host { grants: Arc::new(Grants::of(vec![layer], Path::new("/"))), ..host(Recorder::default()) }
}

fn request(host: &mut Host, arguments: &str) -> Result<Value, Fault> {
    call("net.request", &mut values(arguments), host, &program())
}

/// A server that gives this answer to one request; returns its port, and what it was asked when it has ended.
fn server(answer: &'static [u8]) -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = vec![0; 4096];
        let length = stream.read(&mut asked).unwrap();
        stream.write_all(answer).unwrap();
        String::from_utf8(asked[..length].to_vec()).unwrap()
    };
    (port, thread::spawn(serve))
}

#[test]
fn a_response_is_a_result() {
    let (port, served) =
        server(b"HTTP/1.1 404 Gone\r\nX-One: a\r\nx-ONE: b\r\nContent-Length: 6\r\n\r\nh\xc3\xa9llo");
    let asked = format!(
        r#"[{{"method": "GET", "url": "http://127.0.0.1:{port}/a?b#c", "headers": {{"X-Mine": "yes"}}}}]"#
    );
    let result = request(&mut granted(Reach::Everything), &asked).unwrap();
    assert!(same(entry(&result, "ok"), &Value::Bool(true)), "{result:?}");
    let response = entry(&result, "value");
    assert!(same(entry(response, "status"), &Value::Int(404)));
    assert!(same(entry(response, "headers"), &value(r#"{"x-one": "a, b", "content-length": "6"}"#)));
    assert!(same(entry(response, "body"), &value(r#""héllo""#)));
    let sent = served.join().unwrap().to_lowercase();
    assert!(sent.starts_with("get /a?b http/1.1\r\n"), "{sent}");
    for line in [
        &format!("host: 127.0.0.1:{port}"),
        "x-mine: yes",
        &format!("user-agent: alas/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(sent.contains(&format!("\r\n{line}\r\n")), "{line} in {sent}");
    }
}

#[test]
fn what_is_no_request_is_an_error() {
    for (asked, code) in [
        (r#"["http://a.example"]"#, ErrorCode::TypeError),
        (r#"[{"method": 1, "url": "http://a.example"}]"#, ErrorCode::TypeError),
        (r#"[{"method": "GET", "url": null}]"#, ErrorCode::TypeError),
        (r#"[{"method": "GET", "url": "http://a.example", "headers": []}]"#, ErrorCode::TypeError),
        (r#"[{"method": "GET", "url": "http://a.example", "headers": {"a": 1}}]"#, ErrorCode::TypeError),
        (r#"[{"method": "POST", "url": "http://a.example", "body": {}}]"#, ErrorCode::TypeError),
        (r#"[{"method": "GET", "url": "http://a.example", "timeoutMs": 1.5}]"#, ErrorCode::TypeError),
        (r#"[{"method": "GET", "url": "http://a.example", "timeout": 1}]"#, ErrorCode::ValueError),
        (r#"[{"method": "GET"}]"#, ErrorCode::ValueError),
        (r#"[{"url": "http://a.example"}]"#, ErrorCode::ValueError),
        (r#"[{"method": "GET", "url": "http://a.example"}]"#, ErrorCode::PermissionDenied),
    ] {
        let fault = request(&mut granted(Reach::default()), asked).unwrap_err();
        assert_eq!(fault.code(), code, "{asked} {fault}");
        let denial = fault.cause().and_then(|cause| cause.downcast_ref::<Denial>());
        assert_eq!(denial.is_some(), code == ErrorCode::PermissionDenied, "{asked}");
    }
}

#[test]
fn what_cannot_be_sent_is_a_failure() {
    for asked in [
        r#"{"method": "get", "url": "http://a.example"}"#,
        r#"{"method": "GET", "url": "ftp://a.example"}"#,
        r#"{"method": "GET", "url": "http://2130706433/"}"#,
        r#"{"method": "GET", "url": "http://a.example", "body": ""}"#,
        r#"{"method": "GET", "url": "http://a.example", "headers": {"Host": "b"}}"#,
        r#"{"method": "GET", "url": "http://a.example", "headers": {"A": "b\r\nC: d"}}"#,
        r#"{"method": "GET", "url": "http://a.example", "timeoutMs": 0}"#,
        r#"{"method": "GET", "url": "http://a.example", "timeoutMs": 9000000000}"#,
    ] {
        let result = request(&mut granted(Reach::Everything), &format!("[{asked}]")).unwrap();
        assert!(same(entry(&result, "ok"), &Value::Bool(false)), "{asked}");
        assert!(same(entry(&result, "code"), &value(r#""value_error""#)), "{asked} {result:?}");
    }
}
