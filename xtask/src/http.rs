//! As much of an HTTP/1.1 server as a page on the same machine needs: GET and HEAD, connections kept open.
//!
//! One thread for each connection. A browser opens six, some of them in advance and idle, so a pool that serves one after
//! the other would let a request wait behind a connection on which nothing happens. There is a most of them: one more
//! takes the place of the one that has been waited for longest.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Bytes of a request's head; a page's own are below 1 kB.
const LONGEST_HEAD: u64 = 64 * 1024;

/// What a client may take.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Connections at a time, and so threads.
    pub connections: usize,
    /// From one request to the first byte of the next; the browser opens another connection.
    pub idle: Duration,
    /// From the first byte of a request to the end of its head, however steadily it drips.
    pub request: Duration,
    /// For an answer, besides the time that its bytes take at `slowest`.
    pub answer: Duration,
    /// Bytes a second.
    pub slowest: u64,
}

pub const LIMITS: Limits = Limits {
    connections: 128,
    idle: Duration::from_secs(60),
    request: Duration::from_secs(10),
    answer: Duration::from_secs(30),
    slowest: 32 * 1024,
};

pub struct Request {
    pub method: String,
    /// As sent: the path with its query.
    pub target: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, its name given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).next()
    }

    /// The values of a header that may have come several times.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub struct Response {
    /// Code and reason: `200 OK`.
    pub status: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

pub enum Body {
    Nothing,
    Text(&'static str),
    File(File),
}

/// Answers every request on the listener, on threads of its own, until the program ends.
pub fn serve(
    listener: TcpListener,
    limits: Limits,
    answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> JoinHandle<()> {
    let answer = Arc::new(answer);
    let open = Arc::new(Open::default());
    thread::spawn(move || {
        for number in 0.. {
            let Ok((stream, _)) = listener.accept() else {
                // Such as too many open files, which does not pass at once.
                thread::sleep(Duration::from_millis(50));
                continue;
            };
            let stream = Arc::new(stream);
            open.enter(number, &stream, limits.connections);
            let (answer, place) = (answer.clone(), Place { open: open.clone(), number });
            // A browser that goes away in mid-answer is no concern of the others.
            let _ = thread::Builder::new().spawn(move || converse(&stream, limits, &place, &*answer));
        }
    })
}

/// The connections that are open now.
#[derive(Default)]
struct Open {
    connections: Mutex<Vec<Connection>>,
    ended: Condvar,
}

struct Connection {
    number: u64,
    stream: Arc<TcpStream>,
    /// Since when a request is awaited, or answered.
    since: Instant,
    answering: bool,
    /// Has been told to end.
    leaving: bool,
}

impl Open {
    fn connections(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for one more, and takes it.
    fn enter(&self, number: u64, stream: &Arc<TcpStream>, most: usize) {
        let mut connections = self.connections();
        while connections.len() >= most {
            let staying = connections.iter_mut().filter(|connection| !connection.leaving);
            // One that is being answered only if all are.
            if let Some(longest) = staying.min_by_key(|connection| (connection.answering, connection.since)) {
                longest.leaving = true;
                let _ = longest.stream.shutdown(Shutdown::Both);
            }
            connections = self.ended.wait(connections).unwrap_or_else(PoisonError::into_inner);
        }
        let since = Instant::now();
        connections.push(Connection { number, stream: stream.clone(), since, answering: false, leaving: false });
    }
}

/// A connection's place among those that are open; given back when its thread ends, however it does.
struct Place {
    open: Arc<Open>,
    number: u64,
}

impl Place {
    fn is_answering(&self, answering: bool) {
        let mut connections = self.open.connections();
        if let Some(own) = connections.iter_mut().find(|connection| connection.number == self.number) {
            (own.answering, own.since) = (answering, Instant::now());
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.connections().retain(|connection| connection.number != self.number);
        self.open.ended.notify_all();
    }
}

/// A stream on which nothing is waited for beyond a moment.
struct Timed<'a> {
    stream: &'a TcpStream,
    until: Instant,
}

impl Timed<'_> {
    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(into)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn converse(
    stream: &TcpStream,
    limits: Limits,
    place: &Place,
    answer: &dyn Fn(&Request) -> Response,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let timed = || Timed { stream, until: Instant::now() };
    let mut reader = BufReader::new(timed());
    let mut writer = io::BufWriter::new(timed());
    loop {
        reader.get_mut().until = Instant::now() + limits.idle;
        reader.fill_buf()?;
        reader.get_mut().until = Instant::now() + limits.request;
        let Some(request) = read(&mut reader)? else { return Ok(()) };
        place.is_answering(true);
        // The body of a request is never read, so what follows it cannot be told from it.
        let close = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
            || request.header("transfer-encoding").is_some()
            || request.header("content-length").is_some_and(|length| length != "0");
        let response = answer(&request);
        let bytes = response.body.length()?.unwrap_or(0);
        writer.get_mut().until = Instant::now() + limits.answer + Duration::from_secs(bytes / limits.slowest.max(1));
        write(&mut writer, response, request.method == "HEAD", close)?;
        if close {
            return Ok(());
        }
        place.is_answering(false);
    }
}

impl Body {
    /// In bytes; `None` where there is no body to speak of, as with a 304.
    fn length(&self) -> io::Result<Option<u64>> {
        Ok(match self {
            Self::Nothing => None,
            Self::Text(text) => Some(text.len() as u64),
            Self::File(file) => Some(file.metadata()?.len()),
        })
    }
}

/// The next request; `None` at the end of the connection, or where it is not HTTP.
fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut head = reader.take(LONGEST_HEAD);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            // An empty line ends the head; before it, it is to be ignored.
            "" if lines.is_empty() => {}
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut words = lines[0].split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0")) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    let headers = lines[1..].iter().filter_map(|line| line.split_once(':'));
    Ok(Some(Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect(),
    }))
}

fn write(writer: &mut impl Write, response: Response, head_only: bool, close: bool) -> io::Result<()> {
    write!(writer, "HTTP/1.1 {}\r\n", response.status)?;
    for (name, value) in &response.headers {
        write!(writer, "{name}: {value}\r\n")?;
    }
    if close {
        write!(writer, "Connection: close\r\n")?;
    }
    let Some(length) = response.body.length()? else {
        write!(writer, "\r\n")?;
        return writer.flush();
    };
    let mut body: Box<dyn Read> = match response.body {
        Body::Nothing => Box::new(io::empty()),
        Body::Text(text) => Box::new(text.as_bytes()),
        Body::File(file) => Box::new(file),
    };
    write!(writer, "Content-Length: {length}\r\n\r\n")?;
    if !head_only {
        // A file that shrank since would leave the browser waiting: an error closes the connection.
        let sent = io::copy(&mut (&mut body).take(length), writer)?;
        if sent < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Option<Request> {
        read(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn requests_are_read() {
        let request = read_text("\r\nGET /a?b HTTP/1.1\r\nHost: x\r\nIf-None-Match:  \"1\"\r\n\r\nGET").unwrap();
        assert_eq!((&*request.method, &*request.target), ("GET", "/a?b"));
        assert_eq!(request.header("if-none-match"), Some("\"1\""));
        assert_eq!(request.header("connection"), None);
        let twice = read_text("GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n").unwrap();
        assert_eq!(twice.headers("host").collect::<Vec<_>>(), ["x", "y"]);
        for other in ["", "GET / HTTP/1.1\r\n", "hello\r\n\r\n", "GET /\r\n\r\n"] {
            assert!(read_text(other).is_none(), "{other}");
        }
    }

    fn start(limits: Limits, body: impl Fn() -> Body + Send + Sync + 'static) -> impl Fn() -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        serve(listener, limits, move |_| Response { status: "200 OK", headers: Vec::new(), body: body() });
        move || {
            let stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream
        }
    }

    fn hello(stream: &mut TcpStream) {
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let expected = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        let mut answer = vec![0; expected.len()];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), expected);
    }

    #[test]
    fn idle_connections_hold_nobody_up() {
        let connect = start(LIMITS, || Body::Text("hello"));
        let mut connections: Vec<_> = (0..32).map(|_| connect()).collect();
        // The last first; then twice on the same connection, while all the others stay open.
        for connection in connections.iter_mut().rev() {
            hello(connection);
            hello(connection);
        }
    }

    #[test]
    fn many_slow_clients_hold_few_threads_and_nobody_up() {
        let connect = start(Limits { connections: 4, ..LIMITS }, || Body::Text("hello"));
        let mut slow: Vec<_> = (0..50).map(|_| connect()).collect();
        for connection in &mut slow {
            // Some are already closed again.
            let _ = connection.write_all(b"GET / HT");
        }
        // Accepted after all the others.
        let mut good = connect();
        hello(&mut good);
        let open = slow.iter().filter(|connection| {
            connection.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
            let read = (&**connection).read(&mut [0]);
            read.is_err_and(|e| matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut))
        });
        assert!(open.count() <= 3);
        hello(&mut good);
    }

    #[test]
    fn a_request_that_drips_is_ended() {
        let connect = start(Limits { request: Duration::from_millis(200), ..LIMITS }, || Body::Text("hello"));
        let mut stream = connect();
        stream.write_all(b"GET / HTTP/1.1\r\nx: ").unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let ended = (0..1000).any(|_| {
            // A byte at a time, sooner after one another than any time limit for a byte.
            let sent = stream.write_all(b"x");
            let read = stream.read(&mut [0]);
            let waits = |e: &io::Error| matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
            sent.is_err() || read.map_or_else(|e| !waits(&e), |n| n == 0)
        });
        assert!(ended);
    }

    #[test]
    fn an_answer_that_nobody_reads_is_ended() {
        let file = crate::project::scratch("slow-reader").join("big");
        let size = 256 << 20;
        File::create(&file).unwrap().set_len(size).unwrap();
        let limits = Limits { answer: Duration::from_millis(200), slowest: u64::MAX, ..LIMITS };
        let connect = start(limits, move || Body::File(File::open(&file).unwrap()));
        let mut stream = connect();
        stream.write_all(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
        stream.read_exact(&mut [0]).unwrap();
        // Longer than the server waits, however busy the machine.
        thread::sleep(Duration::from_secs(1));
        let (mut came, mut buffer) = (0, vec![0; 1 << 20]);
        while let Ok(n @ 1..) = stream.read(&mut buffer) {
            came += n;
        }
        assert!((came as u64) < size, "all of it came");
    }
}
