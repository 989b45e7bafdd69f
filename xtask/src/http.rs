//! As much of an HTTP/1.1 server as a page on the same machine needs: GET and HEAD, connections kept open.
//!
//! One thread for each connection. A browser opens six, some of them in advance and idle, so a pool of fixed size would
//! let a request wait behind a connection on which nothing happens.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A silent connection is closed after this; the browser opens another.
const IDLE: Duration = Duration::from_secs(60);
/// Bytes of a request's head; a page's own are below 1 kB.
const LONGEST_HEAD: u64 = 64 * 1024;

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
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
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
pub fn serve(listener: TcpListener, answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> JoinHandle<()> {
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            // A browser that goes away in mid-answer is no concern of the others.
            std::thread::spawn(move || converse(stream, &*answer));
        }
    })
}

fn converse(stream: TcpStream, answer: &dyn Fn(&Request) -> Response) -> io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = io::BufWriter::new(stream);
    while let Some(request) = read(&mut reader)? {
        // The body of a request is never read, so what follows it cannot be told from it.
        let close = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
            || request.header("transfer-encoding").is_some()
            || request.header("content-length").is_some_and(|length| length != "0");
        write(&mut writer, answer(&request), request.method == "HEAD", close)?;
        if close {
            break;
        }
    }
    Ok(())
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
    let (length, mut body): (u64, Box<dyn Read>) = match response.body {
        // 304 and the like.
        Body::Nothing => {
            write!(writer, "\r\n")?;
            return writer.flush();
        }
        Body::Text(text) => (text.len() as u64, Box::new(text.as_bytes())),
        Body::File(file) => (file.metadata()?.len(), Box::new(file)),
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
        for other in ["", "GET / HTTP/1.1\r\n", "hello\r\n\r\n", "GET /\r\n\r\n"] {
            assert!(read_text(other).is_none(), "{other}");
        }
    }

    #[test]
    fn idle_connections_hold_nobody_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        serve(listener, |_| Response { status: "200 OK", headers: Vec::new(), body: Body::Text("hello") });
        let mut connections: Vec<_> = (0..32).map(|_| TcpStream::connect(address).unwrap()).collect();
        // The last first; then twice on the same connection, while all the others stay open.
        for connection in connections.iter_mut().rev() {
            for _ in 0..2 {
                connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                connection.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
                let expected = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
                let mut answer = vec![0; expected.len()];
                connection.read_exact(&mut answer).unwrap();
                assert_eq!(String::from_utf8(answer).unwrap(), expected);
            }
        }
    }
}
