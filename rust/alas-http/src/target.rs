//! Where a request goes.

use std::fmt::Write as _;

use alas_sandbox::Host;
use ureq::http::Uri;
use ureq::http::uri::PathAndQuery;

/// A URL in the one form that it has here, which is what the client gets: nothing else is read out of it than what was checked.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    uri: Uri,
    host: Host,
    port: u16,
    is_secure: bool,
}

impl Target {
    /// Reads a URL.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let uri = encoded(url).parse::<Uri>().map_err(|_| format!("expected a URL, found {url:?}"))?;
        Self::of(&uri)
    }

    /// Checks a URL.
    pub(crate) fn of(uri: &Uri) -> Result<Self, String> {
        let is_secure = match uri.scheme_str().map(str::to_ascii_lowercase).as_deref() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(format!("expected a URL with http or https, found {:?}", uri.to_string())),
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(
                "a URL cannot carry a user or password here; use the header `Authorization`".to_owned()
            );
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (authority, ""),
        };
        let Some(host) = Host::parse(host) else {
            let message = "expected a host name, in which other letters are written as `xn--…`, or an address such as \
                           192.0.2.1 or [2001:db8::1]";
            return Err(format!("{message}, found {host:?}"));
        };
        let default = if is_secure { 443 } else { 80 };
        let port = match port {
            "" => default,
            port if port.bytes().all(|byte| byte.is_ascii_digit()) => port.parse().unwrap_or(0),
            _ => 0,
        };
        if port == 0 {
            return Err(format!("expected a port from 1 to 65535, found {authority:?}"));
        }
        let scheme = if is_secure { "https" } else { "http" };
        let authority = if port == default { host.to_string() } else { format!("{host}:{port}") };
        let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let built = Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build();
        let uri = built.map_err(|error| error.to_string())?;
        Ok(Self { uri, host, port, is_secure })
    }

    /// Where a redirect leads from here.
    pub(crate) fn join(&self, location: &str) -> Result<Self, String> {
        let location = location.split('#').next().unwrap_or(location);
        let scheme = location.split([':', '/', '?']).next().unwrap_or("");
        if location[scheme.len()..].starts_with(':') {
            return Self::parse(location);
        }
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let own = self.uri.scheme_str().unwrap_or("https");
        let path = self.uri.path();
        let (relative, query) = match location.split_once('?') {
            Some((relative, query)) => (relative, format!("?{query}")),
            None => (location, String::new()),
        };
        Self::parse(&match relative {
            _ if location.starts_with("//") => format!("{own}:{location}"),
            "" if location.is_empty() => self.uri.to_string(),
            "" => format!("{own}://{authority}{path}{query}"),
            absolute if absolute.starts_with('/') => {
                format!("{own}://{authority}{}{query}", without_dots(absolute))
            }
            relative => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let path = without_dots(&format!("{folder}/{relative}"));
                format!("{own}://{authority}{path}{query}")
            }
        })
    }

    /// The URL as the client takes it.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The host that is asked.
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// The port that is connected to.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Whether nobody in between can read along.
    pub(crate) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whom secrets are meant for that are sent along.
    pub(crate) fn origin(&self) -> (bool, &Host, u16) {
        (self.is_secure, &self.host, self.port)
    }
}

/// A URL whose letters beyond ASCII are percent-encoded, which they may be behind the host. In the host itself that is no name.
fn encoded(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii() {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A path without `.` and `..` (RFC 3986, 5.2.4).
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for part in path.split('/').skip(1) {
        ends_in_folder = matches!(part, "." | "..");
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut clean: String = parts.iter().flat_map(|part| ["/", part]).collect();
    if ends_in_folder || clean.is_empty() {
        clean.push('/');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_one_form() {
        for (url, expected) in [
            ("http://example.com", "http://example.com/"),
            ("HTTP://EXAMPLE.com.:80/a?b#c", "http://example.com/a?b"),
            ("https://example.com:443", "https://example.com/"),
            ("https://example.com:80/", "https://example.com:80/"),
            ("http://example.com:/", "http://example.com/"),
            ("http://example.com?q=1", "http://example.com/?q=1"),
            ("http://example.com/ä?ö", "http://example.com/%C3%A4?%C3%B6"),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
            ("http://[0:0::1]/", "http://[::1]/"),
            ("http://[::ffff:10.0.0.1]/", "http://10.0.0.1/"),
            ("http://127.0.0.1./", "http://127.0.0.1/"),
            ("http://example.com/@evil.test", "http://example.com/@evil.test"),
        ] {
            assert_eq!(Target::parse(url).unwrap().uri().to_string(), expected, "{url}");
        }
    }

    #[test]
    fn what_is_odd_is_refused() {
        for url in [
            "",
            "/",
            "example.com",
            "//example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "http:",
            "http://",
            "http:///a",
            "http://:80/",
            "http://user@example.com/",
            "http://user:pass@example.com/",
            "http://example.com@127.0.0.1/",
            "http://127.0.0.1\\@example.com/",
            "http://example.com:80@127.0.0.1/",
            "http://example.com:0/",
            "http://example.com:65536/",
            "http://example.com:99999999999/",
            "http://example.com:+80/",
            "http://example.com:8a/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://0x7f000001/",
            "http://127.0.0.1%2f@example.com/",
            "http://ex%61mple.com/",
            "http://bücher.example/",
            "http://１２７.0.0.1/",
            "http://[::1/",
            "http://::1/",
            "http://[::1%25lo]/",
            "http://[127.0.0.1]/",
            "http://a b/",
            "http://example.com/a b",
            "http://example.com/\r\nHost: a",
            "http://example.com\r\n/",
            "http://example.com/\0",
            "http://a..b/",
            "javascript:1",
        ] {
            let found = Target::parse(url).map(|target| target.uri().to_string());
            assert!(found.is_err(), "{url:?} {found:?}");
        }
        assert!(Target::parse(&format!("http://a.example/{}", "a".repeat(1 << 17))).is_err());
    }

    #[test]
    fn redirects_are_joined() {
        let base = Target::parse("http://a.example:8080/b/c/d?q").unwrap();
        for (location, expected) in [
            ("g", "http://a.example:8080/b/c/g"),
            ("./g", "http://a.example:8080/b/c/g"),
            ("g/", "http://a.example:8080/b/c/g/"),
            ("/g", "http://a.example:8080/g"),
            ("//g", "http://g/"),
            ("//g:81/h?i", "http://g:81/h?i"),
            ("?y", "http://a.example:8080/b/c/d?y"),
            ("g?y", "http://a.example:8080/b/c/g?y"),
            ("#s", "http://a.example:8080/b/c/d?q"),
            ("g?y/../x", "http://a.example:8080/b/c/g?y/../x"),
            ("", "http://a.example:8080/b/c/d?q"),
            (".", "http://a.example:8080/b/c/"),
            ("..", "http://a.example:8080/b/"),
            ("../../../g", "http://a.example:8080/g"),
            ("/./g/../h", "http://a.example:8080/h"),
            ("https://other.example", "https://other.example/"),
            ("HTTPS://other.example/x", "https://other.example/x"),
            ("g?a=http://x.example", "http://a.example:8080/b/c/g?a=http://x.example"),
        ] {
            let joined = base.join(location).map(|target| target.uri().to_string());
            assert_eq!(joined.as_deref(), Ok(expected), "{location}");
        }
        for location in
            ["http:g", "file:///etc/passwd", "///", "//", "//2130706433/", "//user@g", "javascript:1", "a b"]
        {
            assert!(base.join(location).is_err(), "{location}");
        }
    }
}
