//! Hosts, as they are asked for and as they are granted.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::addresses::is_public;
use crate::grants::{Grants, Reach};
use crate::{Access, Denial, Reason};

/// A host in the one form that it has here: a name in lower case without a dot at its end, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name, which has to be looked up.
    Name(String),
    /// An address. One of version 4 inside one of version 6 is the same.
    Address(IpAddr),
}

impl Host {
    /// Reads a host as it stands in a URL. Only the usual form of an address is one: what else could be meant as a number, such as
    /// `2130706433`, `0x7f.1` or `127.1`, is no host, and neither is what has other than the letters of names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(IpAddr::V6(address).to_canonical()));
        }
        let name = name(text)?;
        if let Ok(address) = name.parse::<Ipv4Addr>() {
            return Some(Self::Address(IpAddr::V4(address)));
        }
        (!looks_like_a_number(&name)).then_some(Self::Name(name))
    }
}

/// As it stands in a URL.
impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(formatter),
            Self::Address(IpAddr::V6(address)) => write!(formatter, "[{address}]"),
        }
    }
}

/// The one form of a name (RFC 1123, and `_`).
fn name(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        (1..=63).contains(&label.len())
            && label.bytes().all(is_inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (text.len() <= 253 && text.split('.').all(is_label)).then(|| text.to_ascii_lowercase())
}

/// Whether the last part of a name is a number, which a resolver may take for an address (as the URL standard of WHATWG says).
fn looks_like_a_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_hexadecimal = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    last.bytes().all(|byte| byte.is_ascii_digit()) || last.strip_prefix("0x").is_some_and(is_hexadecimal)
}

/// Hosts that are granted together: one, or all below a name; for one port or for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    hosts: ScopeHosts,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum ScopeHosts {
    One(Host),
    Below(String),
    /// What no URL can name.
    Nothing,
}

/// What is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoScope;

impl FromStr for Scope {
    type Err = NoScope;

    fn from_str(text: &str) -> Result<Self, NoScope> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(read_port(port).ok_or(NoScope)?)),
            _ => (text, None),
        };
        let hosts = match host.strip_prefix("*.") {
            Some(above) => ScopeHosts::Below(name(above).ok_or(NoScope)?),
            None => match Host::parse(host) {
                Some(host) => ScopeHosts::One(host),
                None => name(host).map(|_| ScopeHosts::Nothing).ok_or(NoScope)?,
            },
        };
        Ok(Self { hosts, port })
    }
}

/// A port from 1 on, in decimal.
fn read_port(text: &str) -> Option<u16> {
    let is_decimal = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&port| is_decimal && port > 0)
}

impl Scope {
    fn has_port(&self, port: u16) -> bool {
        self.port.is_none_or(|own| own == port)
    }

    fn has(&self, host: &Host, port: u16) -> bool {
        self.has_port(port)
            && match (&self.hosts, host) {
                (ScopeHosts::One(own), host) => own == host,
                (ScopeHosts::Below(above), Host::Name(name)) => {
                    name.strip_suffix(&**above).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
                }
                _ => false,
            }
    }

    /// Whether it names the address itself, as `localhost` names those of the machine.
    fn names(&self, address: IpAddr, port: u16) -> bool {
        self.has_port(port)
            && match &self.hosts {
                ScopeHosts::One(Host::Address(own)) => *own == address,
                ScopeHosts::One(Host::Name(name)) => name == "localhost" && address.is_loopback(),
                _ => false,
            }
    }
}

/// The hosts that one source grants.
#[derive(Debug)]
pub(crate) enum Hosts {
    Everything,
    These(Vec<Scope>),
}

impl Hosts {
    /// What is no scope grants nothing.
    pub(crate) fn of(reach: &Reach) -> Self {
        match reach {
            Reach::Everything => Self::Everything,
            Reach::These(texts) => Self::These(texts.iter().filter_map(|text| text.parse().ok()).collect()),
        }
    }

    fn any(&self, test: impl Fn(&Scope) -> bool) -> bool {
        match self {
            Self::Everything => true,
            Self::These(scopes) => scopes.iter().any(test),
        }
    }
}

impl Grants {
    /// Whether a host may be connected to at a port. Where its name leads is another question: [`address`](Self::address).
    ///
    /// # Errors
    ///
    /// It was not granted.
    pub fn host(&self, host: &Host, port: u16) -> Result<(), Denial> {
        self.network(|scope| scope.has(host, port), || denial(host, port, None))
    }

    /// Whether a name that was granted may lead to an address: to public ones, and to those that were granted themselves.
    ///
    /// # Errors
    ///
    /// It is not public and was not granted.
    pub fn address(&self, address: IpAddr, port: u16) -> Result<(), Denial> {
        let address = address.to_canonical();
        let is_granted = |scope: &Scope| scope.names(address, port);
        if is_public(address) {
            return Ok(());
        }
        self.network(is_granted, || denial(&Host::Address(address), port, Some(Reason::Internal)))
    }

    fn network(&self, test: impl Fn(&Scope) -> bool, denial: impl Fn() -> Denial) -> Result<(), Denial> {
        if self.layers().iter().all(|layer| layer.hosts().any(&test)) { Ok(()) } else { Err(denial()) }
    }
}

fn denial(host: &Host, port: u16, reason: Option<Reason>) -> Denial {
    Denial { access: Access::Network, target: format!("{host}:{port}"), reason }
}
