//! Looks up hosts that were granted.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use alas_sandbox::{Denial, Grants, Host};
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::target::Target;

/// The most addresses of a name that are tried.
const MOST: usize = 16;

/// The only way from a URL to an address: the client asks it before each connection, and connects to what it returns.
#[derive(Debug)]
pub(crate) struct GrantedHosts(pub(crate) Arc<Grants>);

impl Resolver for GrantedHosts {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let target = Target::of(uri).map_err(Error::BadUri)?;
        let (host, port) = (target.host(), target.port());
        self.0.host(host, port).map_err(denied)?;
        let mut allowed = self.empty();
        let mut denial = None;
        for address in addresses(host, port)? {
            match self.0.address(address.ip(), port) {
                Ok(()) if allowed.len() < MOST => allowed.push(address),
                Ok(()) => {}
                Err(found) => denial = Some(found),
            }
        }
        match denial {
            _ if !allowed.is_empty() => Ok(allowed),
            Some(denial) => Err(denied(denial)),
            None => Err(Error::HostNotFound),
        }
    }
}

fn addresses(host: &Host, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found = match host {
        Host::Address(address) => vec![SocketAddr::new(*address, port)],
        Host::Name(name) => (&**name, port).to_socket_addrs()?.collect(),
    };
    // What is reached through an address of version 6 that holds one of version 4 is the latter.
    let canonical = |address: SocketAddr| match address.ip().to_canonical() {
        ip @ IpAddr::V4(_) => SocketAddr::new(ip, port),
        IpAddr::V6(_) => address,
    };
    Ok(found.into_iter().map(canonical).collect())
}

fn denied(denial: Denial) -> Error {
    Error::Other(Box::new(denial))
}

/// The denial that a failure of the client comes from.
pub(crate) fn denial(error: &Error) -> Option<&Denial> {
    match error {
        Error::Other(error) => error.downcast_ref(),
        _ => None,
    }
}
