//! One pull, from reference to visible image.

use std::time::{Duration, SystemTime};

use kennel_model::{Digest, ImageOrigin, ImageRef, ImageSummary, Progress, SignatureState};

use super::client::Client;
use super::endpoint::Wanted;
use super::layers;
use super::manifest::{self, Resolved};
use super::signature::{self, SignatureCheck};
use super::{ClientFiles, Endpoint, RegistryError, RetryPolicy};
use crate::store::commit::Arrived;
use crate::store::downloads::Partial;
use crate::store::{LayerUnpacker, ProgressSink, Store, StoreError};

/// Downloads that nobody continued for this long are deleted.
const STALE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How often a pull looks whether it is to end.
const TURN: Duration = Duration::from_millis(50);

/// What to fetch, and by which rules.
pub struct PullRequest<'a> {
    /// The image, and its name in the store.
    pub reference: &'a ImageRef,
    /// Where to ask: mirrors in their order, the origin last.
    pub endpoints: Vec<Endpoint>,
    /// Who decides about signatures; `None` when none is asked for.
    pub check_signature: Option<&'a dyn SignatureCheck>,
    /// Log-ins and certificates.
    pub files: ClientFiles,
    /// How patient to be.
    pub policy: RetryPolicy,
}

impl<'a> PullRequest<'a> {
    /// From the registry that `reference` names, no signature asked for.
    pub fn new(reference: &'a ImageRef, files: ClientFiles) -> Self {
        Self {
            reference,
            endpoints: vec![Endpoint::origin(reference)],
            check_signature: None,
            files,
            policy: RetryPolicy::default(),
        }
    }
}

/// What a pull did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullReport {
    /// The image in the store.
    pub image: ImageSummary,
    /// What is known about its signature.
    pub signature: SignatureState,
    /// Bytes of layers that came over the network.
    pub fetched: u64,
    /// Requests that were answered.
    pub requests: u64,
}

/// Fetches an image and makes it visible in `store`. After a failure or cancellation no new image
/// is visible, and what was fetched waits for the next pull.
pub fn pull(
    store: &Store,
    request: &PullRequest<'_>,
    unpacker: &dyn LayerUnpacker,
    progress: &dyn ProgressSink,
) -> Result<PullReport, RegistryError> {
    let _guard = store.hold()?;
    store.sweep_downloads(STALE)?;
    let runtime = runtime()?;
    let pull = Pull {
        store,
        request,
        unpacker,
        progress,
        runtime: &runtime,
    };
    pull.run()
}

/// What requests run on.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, RegistryError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| RegistryError::Setup(error.to_string()))
}

/// One pull under way.
pub(super) struct Pull<'a> {
    pub(super) store: &'a Store,
    pub(super) request: &'a PullRequest<'a>,
    pub(super) unpacker: &'a dyn LayerUnpacker,
    pub(super) progress: &'a dyn ProgressSink,
    runtime: &'a tokio::runtime::Runtime,
}

/// What an endpoint answered.
enum Answer {
    /// The store has it, under the same digest.
    Unchanged(Box<ImageSummary>),
    Image(Box<Resolved>),
}

impl Pull<'_> {
    fn run(&self) -> Result<PullReport, RegistryError> {
        let clients = self.clients();
        let known = self
            .store
            .complete(self.request.reference, &self.unpacker.mapping_key())?;
        let start = || Progress::Downloading { done: 0, total: 0 };
        let (at, answer, signature) = self.block_on(self.ask(&clients, known), &start)?;
        let (image, fetched) = match answer {
            Answer::Unchanged(image) => (self.store.note_signature(*image, &signature)?, 0),
            Answer::Image(resolved) => {
                // First the endpoint that knows the image, then the others.
                let (before, from) = clients.split_at(at);
                let ordered: Vec<&Client> = from.iter().chain(before).collect();
                self.fetch(*resolved, &signature, &ordered)?
            }
        };
        Ok(PullReport {
            image,
            signature,
            fetched,
            requests: clients.iter().map(Client::requests).sum(),
        })
    }

    /// One client an endpoint; only the last one is worth much patience.
    fn clients(&self) -> Vec<Client> {
        let request = self.request;
        let last = request.endpoints.len().saturating_sub(1);
        let endpoints = request.endpoints.iter().enumerate();
        endpoints
            .map(|(at, endpoint)| {
                let policy = if at == last {
                    request.policy.clone()
                } else {
                    request.policy.hasty()
                };
                Client::new(endpoint.clone(), request.reference, &request.files, policy)
            })
            .collect()
    }

    /// Asks the endpoints in turn what the reference names now.
    async fn ask(
        &self,
        clients: &[Client],
        known: Option<(ImageSummary, Digest)>,
    ) -> Result<(usize, Answer, SignatureState), RegistryError> {
        let mut last = RegistryError::Setup("no endpoint is configured".to_owned());
        for (at, client) in clients.iter().enumerate() {
            match self.ask_one(client, known.as_ref()).await {
                Ok((answer, signature)) => return Ok((at, answer, signature)),
                // A verdict is not to be got round by asking elsewhere.
                Err(error @ RegistryError::Refused(_)) => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn ask_one(
        &self,
        client: &Client,
        known: Option<&(ImageSummary, Digest)>,
    ) -> Result<(Answer, SignatureState), RegistryError> {
        let reference = self.request.reference;
        let wanted = Wanted::of(reference);
        let answer = match (known, &wanted) {
            (Some((image, digest)), Wanted::Digest(pinned)) if pinned == digest => {
                Answer::Unchanged(Box::new(image.clone()))
            }
            _ => {
                let digest = known.map(|(_, digest)| digest);
                let document = client.manifest(wanted.as_str(), digest).await?;
                match (document, known) {
                    (Some(document), Some((image, digest))) if document.digest == *digest => {
                        Answer::Unchanged(Box::new(image.clone()))
                    }
                    (None, Some((image, _))) => Answer::Unchanged(Box::new(image.clone())),
                    (None, None) => return Err(client.bad("it says that nothing changed")),
                    (Some(document), _) => {
                        let resolved = manifest::resolve(client, reference, document).await?;
                        Answer::Image(Box::new(resolved))
                    }
                }
            }
        };
        let (tag_digest, digest) = match (&answer, known) {
            (Answer::Image(image), _) => (&image.tag_digest, &image.entry.digest),
            (Answer::Unchanged(image), Some((_, tag_digest))) => (tag_digest, &image.digest),
            (Answer::Unchanged(image), None) => (&image.digest, &image.digest),
        };
        let signature = self.check_signature(client, tag_digest, digest).await?;
        Ok((answer, signature))
    }

    /// Whoever decides about trust sees the signatures of what the tag names; an index without
    /// any may have its manifests signed.
    async fn check_signature(
        &self,
        client: &Client,
        tag_digest: &Digest,
        digest: &Digest,
    ) -> Result<SignatureState, RegistryError> {
        let Some(judge) = self.request.check_signature else {
            return Ok(SignatureState::NotRequired);
        };
        let mut signed = tag_digest;
        let mut signatures = signature::fetch(client, tag_digest).await?;
        if signatures.is_empty() && tag_digest != digest {
            signed = digest;
            signatures = signature::fetch(client, digest).await?;
        }
        judge
            .check(signed, &signatures)
            .map_err(RegistryError::Refused)
    }

    /// Gets what is missing and makes the image visible. Returns the bytes that were fetched.
    fn fetch(
        &self,
        image: Resolved,
        signature: &SignatureState,
        clients: &[&Client],
    ) -> Result<(ImageSummary, u64), RegistryError> {
        let layers = image.layers(self.request.reference)?;
        let workspace = self.store.workspace(self.unpacker)?;
        let mut fetched = layers::fetch_all(self, clients, &layers, workspace.path())?;
        let documents = [
            (&image.entry.digest, &image.manifest_bytes),
            (&image.manifest.config.digest, &image.config_bytes),
        ];
        for (digest, bytes) in documents {
            let place = workspace.path().join(digest.hex());
            std::fs::write(&place, bytes).map_err(|error| StoreError::io(&place, error))?;
            fetched.blobs.push((digest.clone(), place));
        }
        let source = clients.first().map(|client| client.location().to_owned());
        let origin = ImageOrigin {
            source: source.unwrap_or_default(),
            tag_digest: Some(image.tag_digest),
            fetched: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            signature: signature.clone(),
        };
        let arrived = Arrived {
            name: self.request.reference.clone(),
            entry: image.entry,
            manifest: image.manifest,
            config: image.config,
            unpacked: fetched.unpacked,
            blobs: fetched.blobs,
            origin: Some(origin),
        };
        let key = self.unpacker.mapping_key();
        let image = self
            .store
            .commit(&key, arrived, &|| self.progress.is_cancelled())?;
        // What an import was quicker with is not needed twice.
        fetched.partials.iter().for_each(Partial::discard);
        Ok((image, fetched.bytes))
    }

    /// Runs `work`, showing what `report` says, until it ends or the person wants the end.
    pub(super) fn block_on<T>(
        &self,
        work: impl Future<Output = Result<T, RegistryError>>,
        report: &dyn Fn() -> Progress,
    ) -> Result<T, RegistryError> {
        self.runtime.block_on(async {
            let mut work = std::pin::pin!(work);
            let mut turns = tokio::time::interval(TURN);
            loop {
                tokio::select! {
                    outcome = &mut work => return outcome,
                    _ = turns.tick() => {
                        if self.progress.is_cancelled() {
                            return Err(StoreError::Cancelled.into());
                        }
                        self.progress.report(report());
                    }
                }
            }
        })
    }
}
