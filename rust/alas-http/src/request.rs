//! What is asked for.

use std::time::Duration;

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::target::Target;

/// A request that can be made.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) timeout: Duration,
}

/// What the connection itself needs, and whoever asks must not say.
const RESERVED: [HeaderName; 11] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// What says something about the body.
const OF_BODY: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LANGUAGE, header::CONTENT_LOCATION];

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

impl Request {
    /// A request without headers and body.
    ///
    /// # Errors
    ///
    /// Why there is no such request.
    pub fn new(method: &str, url: &str, timeout: Duration) -> Result<Self, String> {
        let method = METHODS.into_iter().find(|known| known == method).ok_or_else(|| {
            let known = METHODS.map(|known| known.to_string()).join(", ");
            format!("expected one of the methods {known}, found {method:?}")
        })?;
        let target = Target::parse(url)?;
        Ok(Self { method, target, headers: HeaderMap::new(), body: None, timeout })
    }

    /// Adds a header.
    ///
    /// # Errors
    ///
    /// Why there is no such header, or why it cannot be sent.
    pub fn add_header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let known: HeaderName =
            name.parse().map_err(|_| format!("expected the name of a header, found {name:?}"))?;
        if RESERVED.contains(&known) || known.as_str().starts_with("proxy-") {
            return Err(format!("the header `{known}` is that of the connection, which sets it itself"));
        }
        // The value may be a secret.
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            format!("the value of the header `{known}` holds a line end or control character")
        })?;
        let added = self.headers.try_append(known, value);
        added.map(drop).map_err(|_| "there are more headers than a request can have".to_owned())
    }

    /// Sets the body.
    ///
    /// # Errors
    ///
    /// Requests with this method have none.
    pub fn set_body(&mut self, body: Vec<u8>) -> Result<(), String> {
        if matches!(self.method, Method::GET | Method::HEAD) {
            return Err(format!("a request with the method {} has no body", self.method));
        }
        self.body = Some(body);
        Ok(())
    }

    /// Turns it into the request that follows a redirect, as browsers do (the fetch standard of WHATWG, "HTTP-redirect fetch").
    pub(crate) fn redirect(&mut self, status: u16, target: Target) {
        let becomes_get = match status {
            301 | 302 => self.method == Method::POST,
            303 => !matches!(self.method, Method::GET | Method::HEAD),
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = None;
            for name in &OF_BODY {
                self.headers.remove(name);
            }
        }
        if target.origin() != self.target.origin() {
            self.headers.remove(header::AUTHORIZATION);
            self.headers.remove(header::COOKIE);
        }
        self.target = target;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str) -> Request {
        Request::new(method, "https://a.example/", Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn redirects_change_methods_as_browsers_do() {
        for (method, status, expected) in [
            ("POST", 301, "GET"),
            ("POST", 302, "GET"),
            ("POST", 303, "GET"),
            ("POST", 307, "POST"),
            ("POST", 308, "POST"),
            ("PUT", 301, "PUT"),
            ("PUT", 302, "PUT"),
            ("PUT", 303, "GET"),
            ("HEAD", 303, "HEAD"),
            ("GET", 301, "GET"),
        ] {
            let mut request = request(method);
            request.add_header("Content-Type", "text/plain").unwrap();
            let _ = request.set_body(b"text".to_vec());
            request.redirect(status, Target::parse("https://a.example/next").unwrap());
            assert_eq!(request.method.as_str(), expected, "{method} {status}");
            let has_body = method != "GET" && method != "HEAD" && expected == method;
            assert_eq!(request.body.is_some(), has_body, "{method} {status}");
            assert_eq!(request.headers.contains_key("content-type"), expected == method, "{method} {status}");
        }
    }

    #[test]
    fn secrets_stay_with_their_origin() {
        for (target, stays) in [
            ("https://a.example/next", true),
            ("https://A.example:443/", true),
            ("https://b.example/", false),
            ("https://sub.a.example/", false),
            ("https://a.example:8443/", false),
            ("http://a.example/", false),
        ] {
            let mut request = request("GET");
            for name in ["Authorization", "Cookie", "X-Other"] {
                request.add_header(name, "secret").unwrap();
            }
            request.redirect(302, Target::parse(target).unwrap());
            assert_eq!(request.headers.contains_key("authorization"), stays, "{target}");
            assert_eq!(request.headers.contains_key("cookie"), stays, "{target}");
            assert!(request.headers.contains_key("x-other"));
        }
    }

    #[test]
    fn headers_cannot_say_more_than_one_thing() {
        for (name, value) in [
            ("X-A", "a\r\nHost: b.example"),
            ("X-A", "a\nb"),
            ("X-A", "a\rb"),
            ("X-A", "a\0b"),
            ("X-A\r\nHost", "a"),
            ("X-A: b", "a"),
            ("X A", "a"),
            ("", "a"),
            ("X-Ä", "a"),
            ("HOST", "a"),
            ("Content-Length", "1"),
            ("transfer-encoding", "chunked"),
            ("Connection", "close"),
            ("Keep-Alive", "1"),
            ("Proxy-Connection", "close"),
            ("Proxy-Authorization", "a"),
            ("Upgrade", "h2c"),
            ("TE", "trailers"),
            ("Trailer", "a"),
            ("Expect", "100-continue"),
        ] {
            assert!(request("GET").add_header(name, value).is_err(), "{name:?} {value:?}");
        }
        assert!(request("GET").add_header("X-A", "a\tb ä").is_ok());
    }

    #[test]
    fn methods_are_known() {
        for method in ["get", "CONNECT", "TRACE", "", "GET / HTTP/1.1\r\n", "Ä"] {
            assert!(Request::new(method, "http://a.example", Duration::ZERO).is_err(), "{method:?}");
        }
        assert!(request("GET").set_body(Vec::new()).is_err());
        assert!(request("DELETE").set_body(Vec::new()).is_ok());
    }
}
