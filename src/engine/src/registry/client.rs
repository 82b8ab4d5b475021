//! Requests to one endpoint: transport, log-in, retries, bounds.

use std::cell::{Cell, OnceCell, RefCell};
use std::time::{Duration, SystemTime};

use kennel_model::{Digest, ImageRef};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue, IF_NONE_MATCH,
    RANGE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use reqwest::{Response, StatusCode, Url};
use sha2::{Digest as _, Sha256};

use super::challenge::{self, Challenge};
use super::credentials::{self, Credentials};
use super::error::harmless;
use super::retry::{RetryPolicy, retry_after};
use super::token::{self, TokenAnswer, TokenRequest};
use super::transport::{Transport, Trouble};
use super::{ClientFiles, Endpoint, RegistryError};
use crate::store::StoreError;
use crate::store::document::MANIFEST_TYPES;

/// A document of the registry; anything larger is an attack (the specification asks registries
/// to accept manifests of 4 MiB).
pub(super) const DOCUMENT_LIMIT: u64 = 4 << 20;
const TOKEN_LIMIT: u64 = 256 << 10;
const COMPLAINT_LIMIT: u64 = 8 << 10;

/// A manifest or index as it was sent.
pub(super) struct Document {
    pub(super) media_type: String,
    pub(super) digest: Digest,
    pub(super) bytes: Vec<u8>,
}

/// Why one try brought nothing.
pub(super) enum Failure {
    /// Another try may do better, after what the registry asks for.
    Passing(RegistryError, Option<Duration>),
    /// Nothing will change by asking again.
    Final(RegistryError),
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::Final(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Passing(error) => Self::Passing(error, None),
            Trouble::Final(error) => Self::Final(error),
        }
    }
}

impl Failure {
    pub(super) fn into_error(self) -> RegistryError {
        match self {
            Self::Passing(error, _) | Self::Final(error) => error,
        }
    }
}

/// One endpoint, with what was learned about it.
pub(super) struct Client {
    endpoint: Endpoint,
    reference: ImageRef,
    pub(super) policy: RetryPolicy,
    files: ClientFiles,
    transport: Transport,
    credentials: OnceCell<Option<Credentials>>,
    authorization: RefCell<Option<HeaderValue>>,
    requests: Cell<u64>,
}

impl Client {
    pub(super) fn new(
        endpoint: Endpoint,
        reference: &ImageRef,
        files: &ClientFiles,
        policy: RetryPolicy,
    ) -> Self {
        Self {
            transport: Transport::new(&endpoint, files, &policy),
            endpoint,
            reference: reference.clone(),
            policy,
            files: files.clone(),
            credentials: OnceCell::new(),
            authorization: RefCell::new(None),
            requests: Cell::new(0),
        }
    }

    pub(super) fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// `host[:port]/path`.
    pub(super) fn location(&self) -> &str {
        &self.endpoint.location
    }

    /// How many answers there were.
    pub(super) fn requests(&self) -> u64 {
        self.requests.get()
    }

    /// The manifest or index `name` (a tag or a digest); `None` when it still is `known`.
    pub(super) async fn manifest(
        &self,
        name: &str,
        known: Option<&Digest>,
    ) -> Result<Option<Document>, RegistryError> {
        let path = format!("manifests/{name}");
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, header(&MANIFEST_TYPES.join(", ")));
        if let Some(known) = known {
            headers.insert(IF_NONE_MATCH, header(&format!("\"{known}\"")));
        }
        self.patiently(async || {
            let response = self.get(&path, &headers).await?;
            if response.status() == StatusCode::NOT_MODIFIED {
                return Ok(None);
            }
            let media_type = media_type(&response);
            let said = response
                .headers()
                .get("docker-content-digest")
                .and_then(|value| value.to_str().ok())
                .and_then(|text| text.parse::<Digest>().ok());
            let bytes = self.read(response, DOCUMENT_LIMIT).await?;
            let digest = Digest::from_sha256(&Sha256::digest(&bytes).into());
            let expected = name.parse::<Digest>().ok().or(said);
            if let Some(expected) = expected.filter(|expected| *expected != digest) {
                let error = StoreError::DigestMismatch {
                    what: "the manifest".to_owned(),
                    expected,
                    found: digest,
                };
                return Err(Failure::Final(error.into()));
            }
            Ok(Some(Document {
                media_type,
                digest,
                bytes,
            }))
        })
        .await
    }

    /// The bytes of the manifest `name`, whatever it says about itself.
    pub(super) async fn any_manifest(&self, name: &str) -> Result<Vec<u8>, RegistryError> {
        let document = self.manifest(name, None).await?;
        Ok(document.map(|it| it.bytes).unwrap_or_default())
    }

    /// A verified blob that fits into memory.
    pub(super) async fn small_blob(
        &self,
        digest: &Digest,
        size: u64,
    ) -> Result<Vec<u8>, RegistryError> {
        if size > DOCUMENT_LIMIT {
            return Err(self.bad("a document is larger than any should be"));
        }
        self.patiently(async || {
            let response = self.open_blob(digest, 0, size).await?.response;
            let bytes = self.read(response, size).await?;
            let found = Digest::from_sha256(&Sha256::digest(&bytes).into());
            if found == *digest {
                return Ok(bytes);
            }
            let error = StoreError::DigestMismatch {
                what: "a document".to_owned(),
                expected: digest.clone(),
                found,
            };
            Err(Failure::Final(error.into()))
        })
        .await
    }

    /// One try to get the blob `digest` of `size` bytes from `offset` on.
    pub(super) async fn open_blob(
        &self,
        digest: &Digest,
        offset: u64,
        size: u64,
    ) -> Result<Opened, Failure> {
        let mut headers = HeaderMap::new();
        if offset > 0 {
            headers.insert(RANGE, header(&format!("bytes={offset}-")));
        }
        let response = self.get(&format!("blobs/{digest}"), &headers).await?;
        let starts_at = if response.status() == StatusCode::PARTIAL_CONTENT {
            range_start(&response)
        } else {
            // It does not know ranges; what is there already is passed over.
            Some(0)
        };
        let starts_at = starts_at
            .filter(|start| *start <= offset)
            .ok_or_else(|| self.bad("it sends another part than was asked for"))?;
        let said = response.content_length();
        if said.is_some_and(|said| starts_at.saturating_add(said) != size) {
            let error = self.bad("a blob has another size than the manifest says");
            return Err(Failure::Passing(error, None));
        }
        Ok(Opened {
            response,
            starts_at,
        })
    }

    /// Tries until there is an answer, or patience ends.
    async fn patiently<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, Failure>,
    ) -> Result<T, RegistryError> {
        let mut failed = 0;
        loop {
            match attempt().await {
                Ok(made) => return Ok(made),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Passing(error, asked)) => {
                    failed += 1;
                    match self.policy.wait(failed, asked) {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => return Err(error),
                    }
                }
            }
        }
    }

    /// One try to get `path` below the repository, logging in if that is asked for.
    async fn get(&self, path: &str, headers: &HeaderMap) -> Result<Response, Failure> {
        let response = self.exchange(path, headers).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return self.judge(response).await;
        }
        self.log_in(&response).await?;
        let response = self.exchange(path, headers).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(self.not_let_in()?.into());
        }
        self.judge(response).await
    }

    async fn exchange(&self, path: &str, headers: &HeaderMap) -> Result<Response, Failure> {
        let address = format!(
            "{}/v2/{}/{path}",
            self.endpoint.api_host(),
            self.endpoint.repository()
        );
        let authorization = self.authorization.borrow().clone();
        let answer = self
            .transport
            .send(|http, scheme| {
                let request = http
                    .get(format!("{scheme}://{address}"))
                    .headers(headers.clone());
                match &authorization {
                    Some(value) => request.header(AUTHORIZATION, value.clone()),
                    None => request,
                }
            })
            .await;
        self.requests.set(self.requests.get() + 1);
        Ok(answer?)
    }

    /// A good answer, or what a bad one means.
    async fn judge(&self, response: Response) -> Result<Response, Failure> {
        let status = response.status();
        if matches!(
            status,
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED
        ) {
            return Ok(response);
        }
        let (host, reference) = (self.host().to_owned(), self.reference.clone());
        let asked = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| retry_after(text, SystemTime::now()));
        Err(match status.as_u16() {
            401 => return Err(self.not_let_in()?.into()),
            403 => Failure::Final(RegistryError::Denied { host, reference }),
            404 => Failure::Final(RegistryError::NotFound { host, reference }),
            429 => Failure::Passing(RegistryError::Busy { host, wait: asked }, asked),
            status => {
                let error = RegistryError::Status {
                    host,
                    status,
                    message: self.complaint(response).await,
                };
                if matches!(status, 408 | 500 | 502..=504) {
                    Failure::Passing(error, asked)
                } else {
                    Failure::Final(error)
                }
            }
        })
    }

    /// The registry's own words.
    async fn complaint(&self, response: Response) -> String {
        let bytes = self.read(response, COMPLAINT_LIMIT).await;
        let json: Option<serde_json::Value> =
            bytes.ok().and_then(|it| serde_json::from_slice(&it).ok());
        let message = json
            .as_ref()
            .and_then(|it| it["errors"][0]["message"].as_str());
        harmless(message.unwrap_or_default())
    }

    /// Does what a `401` asks for.
    async fn log_in(&self, response: &Response) -> Result<(), Failure> {
        let challenges: Vec<Challenge> = response
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(challenge::parse)
            .collect();
        let bearer = challenges
            .iter()
            .find(|it| matches!(it, Challenge::Bearer { .. }));
        let header = match bearer.or(challenges.first()) {
            Some(Challenge::Bearer {
                realm,
                service,
                scope,
            }) => {
                self.token(realm, service.as_deref(), scope.as_deref())
                    .await?
            }
            Some(Challenge::Basic) => match self.credentials()?.and_then(token::basic) {
                Some(header) => header,
                None => return Err(self.not_let_in()?.into()),
            },
            None => return Err(self.bad("it asks for a log-in of an unknown kind").into()),
        };
        *self.authorization.borrow_mut() = Some(header);
        Ok(())
    }

    async fn token(
        &self,
        realm: &str,
        service: Option<&str>,
        scope: Option<&str>,
    ) -> Result<HeaderValue, Failure> {
        let realm = Url::parse(realm)
            .ok()
            .filter(|realm| token::may_ask(&self.endpoint, realm))
            .ok_or_else(|| RegistryError::Redirected {
                host: self.host().to_owned(),
                target: format!("log in at {}, which is not safe", harmless(realm)),
            })?;
        let own_scope = format!("repository:{}:pull", self.endpoint.repository());
        let request = TokenRequest {
            realm,
            service,
            scope: scope.unwrap_or(&own_scope),
        };
        let http = self.transport.for_url(&request.realm)?;
        let response = request
            .build(http, self.credentials()?)
            .send()
            .await
            .map_err(|error| Trouble::of(&self.endpoint, &error))?;
        if matches!(response.status().as_u16(), 400 | 401 | 403) {
            return Err(self.not_let_in()?.into());
        }
        let response = self.judge(response).await?;
        let bytes = self.read(response, TOKEN_LIMIT).await?;
        serde_json::from_slice::<TokenAnswer>(&bytes)
            .ok()
            .and_then(TokenAnswer::header)
            .ok_or_else(|| self.bad("its log-in service sends no token").into())
    }

    /// The stored log-in, looked up once.
    fn credentials(&self) -> Result<Option<&Credentials>, RegistryError> {
        if let Some(known) = self.credentials.get() {
            return Ok(known.as_ref());
        }
        let found = credentials::find(&self.files.auth, &self.endpoint)?;
        Ok(self.credentials.get_or_init(|| found).as_ref())
    }

    fn not_let_in(&self) -> Result<RegistryError, RegistryError> {
        let host = self.host().to_owned();
        Ok(match self.credentials()? {
            Some(_) => RegistryError::LoginRefused { host },
            None => RegistryError::LoginNeeded {
                host,
                reference: self.reference.clone(),
            },
        })
    }

    /// A body of at most `limit` bytes.
    async fn read(&self, mut response: Response, limit: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if (bytes.len() + chunk.len()) as u64 > limit => {
                    let error = self.bad(&format!("a document has more than {limit} bytes"));
                    return Err(error.into());
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Ok(bytes),
                Err(error) => return Err(self.broken(&error)),
            }
        }
    }

    /// A body that ended early.
    pub(super) fn broken(&self, error: &reqwest::Error) -> Failure {
        let error = RegistryError::Interrupted {
            host: self.host().to_owned(),
            reason: super::transport::innermost(error),
        };
        Failure::Passing(error, None)
    }

    pub(super) fn bad(&self, reason: &str) -> RegistryError {
        RegistryError::BadAnswer {
            host: self.host().to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// A blob on its way.
pub(super) struct Opened {
    pub(super) response: Response,
    /// The offset of its first byte.
    pub(super) starts_at: u64,
}

/// A header of plain characters; an empty one if it is not.
fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The media type without parameters.
fn media_type(response: &Response) -> String {
    let value = response.headers().get(CONTENT_TYPE);
    let text = value.and_then(|it| it.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_owned()
}

/// Where a `206` begins: `bytes START-END/TOTAL`.
fn range_start(response: &Response) -> Option<u64> {
    let value = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (start, _) = value.strip_prefix("bytes ")?.split_once('-')?;
    start.parse().ok()
}
