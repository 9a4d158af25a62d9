//! `net`: requests to the hosts that the caller was granted.

use std::time::Duration;

use alas_http::{Exchange, Head, Request, Step};
use alas_library::Builtin;
use alas_value::{Key, Map, Text, Value};

use super::outcome::{Ending, Outcome, ending, finish, map, refused};
use super::read;
use crate::words::quote;
use crate::{Context, ErrorCode, Fault, size};

/// How long a request may take that does not say so.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The most milliseconds that a request may ask for: a day.
const LONGEST: i64 = 24 * 60 * 60 * 1000;

pub fn request(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(response(context, arguments))
}

fn response(context: &Context<'_>, arguments: &[Value]) -> Outcome<Value> {
    let asked = Asked::read(read::map(Builtin::NetRequest, arguments, 0)?)?;
    // What is asked for there may be a secret.
    let place = asked.url.split(['?', '#']).next().unwrap_or(asked.url);
    let request = asked.request().map_err(|message| refused(ErrorCode::ValueError, message))?;
    let failed = |failure| ending(context, place, failure);
    // The clock of the call runs from here on, if not before.
    context.poll()?;
    let exchange = Exchange::start(request, context.grants().clone()).map_err(failed)?;
    let (mut head, mut body) = (None, Vec::new());
    loop {
        match exchange.wait(context.host.patience()) {
            Step::Waiting => {}
            Step::Head(found) => head = Some(found),
            Step::Piece(piece) => {
                // Both this and the text that is made of it are there for a while.
                size::check(2 * (body.len() + piece.len()))?;
                body.extend_from_slice(&piece);
            }
            Step::End => break,
            Step::TimedOut => {
                context.poll()?;
                let message = format!("{}: it took longer than {:?}", quote(place), asked.timeout);
                return Err(refused(ErrorCode::Timeout, message));
            }
            Step::Failed(failure) => return Err(failed(failure)),
        }
        context.poll()?;
    }
    let Ok(body) = str::from_utf8(&body) else {
        return Err(refused(ErrorCode::ValueError, format!("{}: the body is not UTF-8", quote(place))));
    };
    Ok(described(head, size::text(body)?))
}

fn described(head: Option<Head>, body: Text) -> Value {
    let head = head.unwrap_or(Head { status: 0, headers: Vec::new() });
    let headers = head.headers.iter().map(|(name, value)| (Key::Text(Text::new(name)), Value::text(value)));
    map([
        ("status", Value::Int(i64::from(head.status))),
        ("headers", Value::Map(headers.collect())),
        ("body", Value::Text(body)),
    ])
}

/// What a program asks for.
struct Asked<'a> {
    method: &'a str,
    url: &'a str,
    headers: Vec<(Text, &'a str)>,
    body: Option<&'a str>,
    timeout: Duration,
}

impl<'a> Asked<'a> {
    fn read(request: &'a Map) -> Outcome<Self> {
        let (mut method, mut url) = (None, None);
        let (mut headers, mut body, mut timeout) = (Vec::new(), None, TIMEOUT);
        for (key, value) in request.iter() {
            let key = key.to_text();
            match key.as_str() {
                "method" => method = Some(text("method", value)?),
                "url" => url = Some(text("url", value)?),
                "body" => body = Some(text("body", value)?),
                "headers" => {
                    let Value::Map(map) = value else { return Err(wrong_kind("headers", "a map", value)) };
                    for (name, value) in map.iter() {
                        let name = name.to_text();
                        headers.push((name.clone(), text(&format!("headers.{}", name.as_str()), value)?));
                    }
                }
                "timeoutMs" => {
                    let Value::Int(asked) = value else {
                        return Err(wrong_kind("timeoutMs", "an int", value));
                    };
                    if !(1..=LONGEST).contains(asked) {
                        let message = format!("expected 1 to {LONGEST} for `timeoutMs`, found {asked}");
                        return Err(refused(ErrorCode::ValueError, message));
                    }
                    timeout = Duration::from_millis(asked.unsigned_abs());
                }
                other => {
                    let message = format!(
                        "takes a request with the keys `method`, `url`, `headers`, `body` and `timeoutMs`, found {}",
                        quote(other)
                    );
                    return Err(read::impossible(Builtin::NetRequest, &message).into());
                }
            }
        }
        let missing = |name| {
            read::impossible(Builtin::NetRequest, &format!("takes a request with `{name}`, found none"))
        };
        let (method, url) = (method.ok_or_else(|| missing("method"))?, url.ok_or_else(|| missing("url"))?);
        Ok(Self { method, url, headers, body, timeout })
    }

    /// The request; otherwise why there is no such request.
    fn request(&self) -> Result<Request, String> {
        let mut request = Request::new(self.method, self.url, self.timeout)?;
        for (name, value) in &self.headers {
            request.add_header(name.as_str(), value)?;
        }
        if let Some(body) = self.body {
            request.set_body(body.into())?;
        }
        Ok(request)
    }
}

fn text<'a>(name: &str, value: &'a Value) -> Outcome<&'a str> {
    match value {
        Value::Text(text) => Ok(text.as_str()),
        other => Err(wrong_kind(name, "a string", other)),
    }
}

fn wrong_kind(name: &str, expected: &str, found: &Value) -> Ending {
    let found = found.kind().describe();
    let message = format!("`net.request` takes {expected} as {} of its request, found {found}", quote(name));
    Fault::new(ErrorCode::TypeError, message).into()
}
