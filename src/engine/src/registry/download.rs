//! The network's side of one layer: from an endpoint, by range, until all of it is there.

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use super::RegistryError;
use super::client::{Client, Failure};
use super::manifest::Layer;

/// A try that brought this much was not in vain.
const WORTHWHILE: u64 = 64 << 10;

/// Sends the bytes of `layer` from `offset` on into `chunks`. `clients` are asked in turn,
/// beginning with the one that had the manifest. Ends early when nobody takes the bytes.
pub(super) async fn download(
    clients: &[&Client],
    layer: &Layer,
    mut offset: u64,
    chunks: &Sender<Bytes>,
) -> Result<(), RegistryError> {
    let mut clients = clients.iter();
    let mut current = clients.next();
    let mut failed = 0;
    while let Some(client) = current
        && offset < layer.size
    {
        let before = offset;
        let Err(failure) = stream(client, layer, &mut offset, chunks).await else {
            return Ok(());
        };
        if offset - before >= WORTHWHILE {
            failed = 0;
        }
        failed += 1;
        let wait = match &failure {
            Failure::Passing(_, asked) => client.policy.wait(failed, *asked),
            Failure::Final(_) => None,
        };
        match wait {
            Some(wait) => tokio::time::sleep(wait).await,
            None => {
                current = clients.next();
                failed = 0;
                if current.is_none() {
                    return Err(failure.into_error());
                }
            }
        }
    }
    Ok(())
}

/// One answer, to its end or until it breaks.
async fn stream(
    client: &Client,
    layer: &Layer,
    offset: &mut u64,
    chunks: &Sender<Bytes>,
) -> Result<(), Failure> {
    let mut opened = client.open_blob(&layer.digest, *offset, layer.size).await?;
    let mut skip = *offset - opened.starts_at;
    loop {
        let next = opened.response.chunk().await;
        let Some(mut chunk) = next.map_err(|error| client.broken(&error))? else {
            break;
        };
        let skipped = skip.min(chunk.len() as u64);
        skip -= skipped;
        let chunk = chunk.split_off(skipped as usize);
        if chunk.len() as u64 > layer.size - *offset {
            let error = client.bad("a layer is larger than the manifest says");
            return Err(Failure::Final(error));
        }
        *offset += chunk.len() as u64;
        if chunks.send(chunk).await.is_err() {
            // The other side has ended, and knows why.
            return Ok(());
        }
    }
    if *offset == layer.size {
        return Ok(());
    }
    let error = RegistryError::Interrupted {
        host: client.host().to_owned(),
        reason: "it ended early".to_owned(),
    };
    Err(Failure::Passing(error, None))
}
