//! A mail server of a few lines, over a real socket.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Takes,
    /// Refuses readers whose name begins with `nobody`.
    RefusesNobody,
    /// Asks to come back later.
    IsBusy,
    /// Asks for a password and repeats it in its refusal.
    RepeatsPassword,
    /// Takes the message and hangs up without a word.
    HangsUp,
}

/// A mail server that lives as long as the test.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    mails: Arc<Mutex<Vec<String>>>,
    heard: Arc<Mutex<String>>,
    worker: JoinHandle<()>,
}

impl MailServer {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::new(Mutex::new(String::new()));
        let (kept, log) = (Arc::clone(&mails), Arc::clone(&heard));
        let worker = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _peer_may_be_gone = talk(stream, manner, &kept, &log).await;
            }
        });
        Self {
            port,
            mails,
            heard,
            worker,
        }
    }

    /// Gives the mails that were taken.
    pub(crate) fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    /// Gives everything that was said to it.
    pub(crate) fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

async fn talk(
    stream: TcpStream,
    manner: Manner,
    mails: &Mutex<Vec<String>>,
    heard: &Mutex<String>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example.com ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        heard.lock().unwrap().push_str(&format!("{line}\n"));
        let word = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        let answer = match word.as_str() {
            "EHLO" if manner == Manner::RepeatsPassword => {
                "250-mail.example.com\r\n250 AUTH PLAIN LOGIN".to_owned()
            }
            "EHLO" => "250-mail.example.com\r\n250 8BITMIME".to_owned(),
            "AUTH" => format!("535 5.7.8 not you: {line}"),
            "MAIL" if manner == Manner::IsBusy => "451 4.7.1 come back later".to_owned(),
            "RCPT" if manner == Manner::RefusesNobody && line.contains("<nobody") => {
                "550 5.1.1 nobody of that name".to_owned()
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    mail.push_str(&format!("{line}\n"));
                }
                mails.lock().unwrap().push(mail);
                if manner == Manner::HangsUp {
                    return Ok(());
                }
                "250 2.0.0 queued as 42".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
