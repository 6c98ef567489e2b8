package dev.rmb.peer.twin;

import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.tfchain.Chain;
import dev.rmb.tfchain.ChainException;
import dev.rmb.tfchain.extrinsic.Outcome;
import dev.rmb.tfchain.twin.ChainTwin;
import dev.rmb.twins.DirectoryException;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which twin a key belongs to, and that others find it at its relays with its key. */
public final class OwnTwin {
    private static final Logger log = LoggerFactory.getLogger(OwnTwin.class);

    /** Look-ups, while the directory cannot be asked: it may be starting as we are. */
    private static final int ATTEMPTS = 5;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK_UP = Duration.ofSeconds(30);

    /** Blocks come every 6 s; a transaction that is in none for as long is lost. */
    private static final Duration TRANSACTION = Duration.ofMinutes(2);

    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

    private final KeyPair keys;
    private final byte[] pk;
    private final List<String> domains;

    /**
     * @param keys the account's
     * @param encryption whose public half others should know
     * @param relays that this peer connects to
     */
    public OwnTwin(KeyPair keys, EncryptionKey encryption, List<URI> relays) {
        this.keys = keys;
        this.pk = encryption.publicKey();
        this.domains = relays.stream().map(URI::getHost).distinct().sorted().toList();
    }

    /** There is no such twin, or nobody who could tell. */
    public static final class NotFoundException extends Exception {
        private static final long serialVersionUID = 1;

        NotFoundException(String message) {
            super(message);
        }

        NotFoundException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * What is done about a twin that is not on the chain, or differs there.
     *
     * @param create a missing one
     * @param update one whose relays or key differ
     */
    public record Changes(boolean create, boolean update) {}

    /** Finds the twin on the chain, and writes there what has to be written. */
    public long onChain(Chain chain, Changes changes)
            throws NotFoundException, InterruptedException {
        if (changes.update() || changes.create()) {
            requireNames();
        }
        Optional<ChainTwin> found = ask(() -> chain.twin(keys.account()), "TFChain");
        if (found.isEmpty()) {
            if (!changes.create()) {
                throw new NotFoundException(
                        "no twin found on this chain for the account "
                                + keys.account().ss58()
                                + ": create one with --create-twin, or check --mnemonic,"
                                + " --key-type and --substrate");
            }
            log.info("Creating a twin for {}", keys.account().ss58());
            write(chain.createTwin(keys, relayText(), pk), "creating the twin");
            found = ask(() -> chain.twin(keys.account()), "TFChain");
            return found.orElseThrow(
                            () -> new NotFoundException("the new twin is not on the chain yet"))
                    .id();
        }
        ChainTwin twin = found.get();
        if (changes.update() && !isCurrent(twin.relay(), twin.pk())) {
            log.info("Updating relays and key of twin {} on the chain", twin.id());
            write(chain.updateTwin(keys, relayText(), pk), "updating the twin");
        }
        return twin.id();
    }

    private void requireNames() throws NotFoundException {
        for (String domain : domains) {
            if (IP_ADDRESS.matcher(domain).matches()) {
                throw new NotFoundException(
                        "others find a relay by its name, not by an address like "
                                + domain
                                + ": name it in --relay, or leave the chain as it is with"
                                + " --no-update");
            }
        }
    }

    private String relayText() {
        return String.join("_", domains);
    }

    private boolean isCurrent(
            @org.jspecify.annotations.Nullable String relay,
            byte @org.jspecify.annotations.Nullable [] key) {
        return RelayDomains.parse(relay).equals(RelayDomains.of(domains)) && Arrays.equals(key, pk);
    }

    private static void write(CompletionStage<Outcome> transaction, String what)
            throws NotFoundException, InterruptedException {
        try {
            Outcome outcome =
                    transaction
                            .toCompletableFuture()
                            .get(TRANSACTION.toSeconds(), TimeUnit.SECONDS);
            switch (outcome) {
                case Outcome.Done(String block, var _) -> log.info("Done, in block {}", block);
                case Outcome.Failed(var _, String reason) ->
                        throw new NotFoundException(what + " failed: " + reason);
                case Outcome.Refused(String reason) ->
                        throw new NotFoundException(what + " was refused: " + reason);
            }
        } catch (ExecutionException e) {
            throw new NotFoundException(what + " failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new NotFoundException(what + " took too long", e);
        }
    }

    /** Finds the twin in a directory that cannot be written to from here. */
    public long inDirectory(TwinDirectory directory, String where)
            throws NotFoundException, InterruptedException {
        Twin twin =
                ask(() -> directory.byAccount(keys.account()), where)
                        .orElseThrow(() ->
                                new NotFoundException(
                                        "no twin found at "
                                                + where
                                                + " for the account "
                                                + keys.account().ss58()
                                                + ": create one at the relay with ./relay"
                                                + " twin create, or check --mnemonic and"
                                                + " --key-type"));
        if (!Arrays.equals(twin.pk(), pk)) {
            log.warn(
                    "Twin {} has {} at {}: what others send {}",
                    twin.id(),
                    twin.pk() == null ? "no key for encryption" : "another key for encryption",
                    where,
                    twin.pk() == null ? "is not encrypted" : "cannot be read");
        }
        return twin.id();
    }

    private static <T> T ask(Supplier<CompletionStage<T>> question, String whom)
            throws NotFoundException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.get()
                        .toCompletableFuture()
                        .get(LOOK_UP.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                boolean again =
                        switch (e.getCause()) {
                            case null -> false;
                            case ChainException chain -> chain.isRetryable();
                            case DirectoryException directory -> directory.isRetryable();
                            default -> false;
                        };
                if (!again || attempt == ATTEMPTS) {
                    throw new NotFoundException(
                            whom + " cannot be asked for the own twin: " + e.getCause(), e);
                }
                log.warn(
                        "{} cannot be asked: {}; asking again", whom, String.valueOf(e.getCause()));
            } catch (TimeoutException e) {
                throw new NotFoundException(whom + " did not answer in time", e);
            }
            Thread.sleep(PAUSE);
        }
    }
}
