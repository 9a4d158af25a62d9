//! A request on its way.

use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use alas_sandbox::{Failure, Grants};
use ureq::http::{self, Response, header};
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::{Connector as _, RustlsConnector, TcpConnector};
use ureq::{Agent, Body, Error};

use crate::request::Request;
use crate::resolver::{GrantedHosts, denial};

/// How often a request is redirected at most.
const MOST_REDIRECTS: usize = 10;

/// The most bytes of a body that are handed over at once.
const PIECE: usize = 1 << 16;

/// How many requests may be on their way at once, those included that nobody waits for any more and whose names are still being
/// looked up.
const MOST_AT_ONCE: usize = 256;

const USER_AGENT: &str = concat!("alas/", env!("CARGO_PKG_VERSION"));

/// What a response begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The headers, their names in lower case. A name stands here once; several values are joined by `, `.
    pub headers: Vec<(String, String)>,
}

/// What has become of a request.
#[derive(Debug)]
pub enum Step {
    /// Nothing yet.
    Waiting,
    /// A response has begun.
    Head(Head),
    /// The next bytes of its body.
    Piece(Vec<u8>),
    /// The response is complete.
    End,
    /// The request has taken longer than it may.
    TimedOut,
    /// There is no response, or not all of it.
    Failed(Failure),
}

/// A request on its way. When it is dropped, the connection is closed, and the thread ends; later only if it is just being
/// connected, which ends within the time of the request, or a name is being looked up, whose time is that of the system.
#[derive(Debug)]
pub struct Exchange {
    steps: Receiver<Step>,
    agent: Agent,
    deadline: Instant,
}

impl Exchange {
    /// Sends a request on its way, wherever it is granted to go.
    ///
    /// # Errors
    ///
    /// The system refuses a thread for it, or there are too many already.
    pub fn start(request: Request, grants: Arc<Grants>) -> Result<Self, Failure> {
        Self::start_with(request, grants, TlsConfig::default())
    }

    fn start_with(request: Request, grants: Arc<Grants>, tls: TlsConfig) -> Result<Self, Failure> {
        let place = Place::take(&TAKEN)?;
        let deadline = Instant::now() + request.timeout;
        let agent = agent(request.timeout, grants, tls);
        let (sender, steps) = sync_channel(2);
        let client = agent.clone();
        let work = move || {
            let _place = place;
            let last = match follow(&client, request, &sender) {
                Ok(()) => Step::End,
                Err(Error::Timeout(_)) => Step::TimedOut,
                Err(error) => Step::Failed(failure(error)),
            };
            // Nobody may be waiting any more.
            let _ = sender.send(last);
        };
        thread::Builder::new().name("alas-http".to_owned()).spawn(work)?;
        Ok(Self { steps, agent, deadline })
    }

    /// Waits for what comes next, as long as told and as long as the request may take.
    #[must_use]
    pub fn wait(&self, patience: Duration) -> Step {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.steps.recv_timeout(patience.min(left)) {
            Ok(step) => step,
            Err(RecvTimeoutError::Timeout) if patience < left => Step::Waiting,
            Err(RecvTimeoutError::Timeout) => Step::TimedOut,
            Err(RecvTimeoutError::Disconnected) => Step::Failed(other("the request broke off")),
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.agent.clone().shutdown();
    }
}

/// One of the requests that may be on their way.
struct Place(&'static AtomicUsize);

static TAKEN: AtomicUsize = AtomicUsize::new(0);

impl Place {
    fn take(taken: &'static AtomicUsize) -> Result<Self, Failure> {
        let place = Self(taken);
        if taken.fetch_add(1, Ordering::Relaxed) < MOST_AT_ONCE {
            return Ok(place);
        }
        drop(place);
        Err(other(&format!("there are {MOST_AT_ONCE} requests on their way already")))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A client that does what it is told and nothing by itself: no redirects, no proxy, no connection for later.
fn agent(timeout: Duration, grants: Arc<Grants>, tls: TlsConfig) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .max_idle_connections(0)
        .max_idle_connections_per_host(0)
        .user_agent(USER_AGENT)
        .accept_encoding("identity")
        .timeout_global(Some(timeout))
        .tls_config(tls)
        .build();
    let connector = ().chain(TcpConnector::default()).chain(RustlsConnector::default());
    Agent::with_parts(config, connector, GrantedHosts(grants))
}

/// Makes a request and those that it is redirected to, and hands over the last response.
fn follow(agent: &Agent, mut request: Request, steps: &SyncSender<Step>) -> Result<(), Error> {
    for _ in 0..=MOST_REDIRECTS {
        let response = send(agent, &request)?;
        let status = response.status().as_u16();
        let location = response.headers().get(header::LOCATION);
        let Some(location) = location.filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308)) else {
            return receive(response, steps);
        };
        let location = String::from_utf8_lossy(location.as_bytes());
        let target = request.target.join(&location);
        let target = target.map_err(|why| broken(&format!("it redirects to {location:?}: {why}")))?;
        if request.target.is_secure() && !target.is_secure() {
            return Err(broken("it redirects from https to http"));
        }
        request.redirect(status, target);
    }
    Err(broken(&format!("it redirects more than {MOST_REDIRECTS} times")))
}

fn send(agent: &Agent, request: &Request) -> Result<Response<Body>, Error> {
    let mut built = http::Request::new(());
    *built.method_mut() = request.method.clone();
    *built.uri_mut() = request.target.uri().clone();
    *built.headers_mut() = request.headers.clone();
    let expects_body = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    match &request.body {
        Some(body) => agent.run(built.map(|()| &**body)),
        None if expects_body => agent.run(built.map(|()| &[][..])),
        None => agent.run(built),
    }
}

/// Hands a response over, piece by piece, as long as somebody takes them.
fn receive(response: Response<Body>, steps: &SyncSender<Step>) -> Result<(), Error> {
    let status = response.status().as_u16();
    let names = response.headers().keys();
    let headers = names
        .map(|name| {
            let values = response.headers().get_all(name).iter().map(|value| readable(value.as_bytes()));
            (name.as_str().to_owned(), values.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let mut step = Step::Head(Head { status, headers });
    let mut body = response.into_body().into_reader();
    while steps.send(step).is_ok() {
        let mut piece = vec![0; PIECE];
        let read = body.read(&mut piece)?;
        if read == 0 {
            break;
        }
        piece.truncate(read);
        step = Step::Piece(piece);
    }
    Ok(())
}

/// The text of a header's value: UTF-8, or else the letters that its bytes were first meant as.
fn readable(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().map(|&byte| char::from(byte)).collect(),
    }
}

fn broken(message: &str) -> Error {
    Error::Io(io::Error::other(message))
}

fn other(message: &str) -> Failure {
    Failure::System(io::Error::other(message))
}

/// What a failure of the client means for whoever asked.
fn failure(error: Error) -> Failure {
    if let Some(denial) = denial(&error) {
        return Failure::Denied(denial.clone());
    }
    match error {
        Error::Io(error) => Failure::System(error),
        error => other(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::path::Path;

    use alas_sandbox::{Asked, Layer, Reach};
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};
    use ureq::tls::{Certificate, RootCerts};

    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../tests/certificate.pem");
    const KEY: &[u8] = include_bytes!("../tests/key.pem");

    fn granted(hosts: &[&str]) -> Arc<Grants> {
        let network = Reach::These(hosts.iter().map(|&host| host.to_owned()).collect());
        let layer = Layer::of(&Asked { network, ..Asked::default() }, Path::new("/"));
        Arc::new(Grants::of(vec![layer], Path::new("/")))
    }

    /// The body of the response, or why there is none.
    fn outcome(exchange: &Exchange) -> String {
        let mut text = String::new();
        loop {
            match exchange.wait(Duration::from_secs(5)) {
                Step::Head(_) => {}
                Step::Piece(piece) => text.push_str(&String::from_utf8_lossy(&piece)),
                Step::End => return text,
                Step::Failed(failure) => return failure.to_string(),
                Step::Waiting | Step::TimedOut => return "too late".to_owned(),
            }
        }
    }

    fn request(url: &str) -> Request {
        Request::new("GET", url, Duration::from_secs(10)).unwrap()
    }

    /// A server that knows this certificate and answers one request.
    fn serve_once() -> u16 {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![certificate], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
            if stream.read(&mut [0; 4096]).is_ok() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret").unwrap();
            }
        });
        port
    }

    #[test]
    fn certificates_are_checked() {
        let trusted = RootCerts::from(vec![Certificate::from_pem(CERTIFICATE).unwrap()]);
        let trusting = || TlsConfig::builder().root_certs(trusted.clone()).build();
        for (host, tls, expected) in [
            ("localhost", trusting(), "secret"),
            ("127.0.0.1", trusting(), "secret"),
            ("localhost.", trusting(), "secret"),
            ("127.0.0.2", trusting(), "invalid peer certificate"),
            ("localhost", TlsConfig::default(), "invalid peer certificate"),
        ] {
            let request = request(&format!("https://{host}:{}/", serve_once()));
            let exchange =
                Exchange::start_with(request, granted(&["localhost", "127.0.0.1", "127.0.0.2"]), tls);
            let found = outcome(&exchange.unwrap());
            // A server of 127.0.0.1 is not at 127.0.0.2 on every system.
            let is_elsewhere = host == "127.0.0.2" && found.contains("refused");
            assert!(found.contains(expected) || is_elsewhere, "{host} {found}");
        }
    }

    #[test]
    fn nothing_stays_behind() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let exchanges: Vec<_> =
            (0..8).map(|_| Exchange::start(request(&url), granted(&["127.0.0.1"])).unwrap()).collect();
        let mut connections: Vec<_> = (0..8).map(|_| listener.accept().unwrap().0).collect();
        assert!(matches!(exchanges[0].wait(Duration::from_millis(20)), Step::Waiting));
        drop(exchanges);
        for connection in &mut connections {
            // It ends, which it did not before.
            connection.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut sent = Vec::new();
            connection.read_to_end(&mut sent).unwrap();
            assert!(sent.starts_with(b"GET / HTTP/1.1\r\n"));
        }
    }

    #[test]
    fn there_is_room_for_so_many_at_once() {
        static TAKEN: AtomicUsize = AtomicUsize::new(0);
        for _ in 0..2 {
            let places: Vec<_> = (0..2 * MOST_AT_ONCE).map_while(|_| Place::take(&TAKEN).ok()).collect();
            assert_eq!(places.len(), MOST_AT_ONCE);
            assert!(Place::take(&TAKEN).is_err());
        }
        assert_eq!(TAKEN.load(Ordering::Relaxed), 0);
    }
}
