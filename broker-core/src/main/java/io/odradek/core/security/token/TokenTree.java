package io.odradek.core.security.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.coordination.ChangeNotices;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.TokenPaths;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.scram.ScramExchange.Found;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.core.security.scram.ScramTokens;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delegation tokens of the cluster's tree, as this broker knows them: all of them in memory, kept true by the notices that
 * whoever changes one leaves. One that cannot be read is said, and lets nobody in. Reading is for any thread, the rest belongs to
 * the cluster loop.
 */
public final class TokenTree implements TermListener, ScramTokens {
    private static final Logger LOG = LoggerFactory.getLogger(TokenTree.class);
    private static final byte[] NO_DATA = {};

    private final CoordinationStore store;
    private final TokenKey key;
    private final Guests guests;
    private final ChangeNotices notices;
    private final Map<String, KnownToken> byId = new ConcurrentSkipListMap<>();
    private final Map<ByteBuffer, KnownToken> bySecret = new ConcurrentHashMap<>();
    private CompletionStage<Void> reading = CompletableFuture.completedStage(null);

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param key the secret of the cluster
     * @param guests when tokens are over, and chance for what one logs in with
     */
    public TokenTree(CoordinationStore store, EventLoop loop, TokenKey key, Guests guests) {
        this.store = store;
        this.key = key;
        this.guests = guests;
        this.notices = new ChangeNotices(
                store, loop, guests.clock(), TokenPaths.CHANGES, TokenPaths.CHANGE_PREFIX, new ChangeNotices.Reader() {
                    @Override
                    public CompletionStage<Void> read(List<byte[]> some) {
                        return changed(ids(some));
                    }

                    @Override
                    public CompletionStage<Void> readAll() {
                        return TokenTree.this.readAll();
                    }
                });
    }

    /** Makes the nodes that others are below, and reads everything. {@return fails if the tree cannot be read} */
    public CompletionStage<Void> load() {
        return makeFolders().thenCompose(made -> readAll());
    }

    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        notices.missSome();
        return makeFolders().thenCompose(made -> notices.begin(session));
    }

    /** What it knows holds on: who is cut off from the tree hears of no change, as with Kafka. */
    @Override
    public CompletionStage<Void> termEnded() {
        return CompletableFuture.completedStage(null);
    }

    /** {@return all tokens, those among them that are over but still there; a view, by identifier} */
    public Collection<KnownToken> all() {
        return byId.values();
    }

    /** {@return the token of an identifier, null if there is none} */
    KnownToken byId(String id) {
        return byId.get(id);
    }

    /** {@return the token with a secret, null if there is none} */
    KnownToken bySecret(ByteBuffer secret) {
        return bySecret.get(secret);
    }

    @Override
    public Found find(ScramMechanism mechanism, String tokenId) {
        KnownToken known = byId.get(tokenId);
        if (known == null || known.token().isOver(guests.clock().wallMs())) {
            return null;
        }
        Login login = new Login(known.token().user(), true, known.token().endMs());
        return new Found(known.credential(mechanism, guests.randoms()), login);
    }

    /** Makes the nodes that others are below, where there are none. */
    CompletionStage<Void> makeFolders() {
        CompletionStage<Void> made = CompletableFuture.completedStage(null);
        for (String folder : TokenPaths.folders()) {
            made = made.thenCompose(before -> store.create(folder, NO_DATA, CreateMode.PERSISTENT)
                    .<Void>thenApply(created -> null)
                    .exceptionallyCompose(error -> otherwise(error, Reason.NODE_EXISTS, null)));
        }
        return made;
    }

    /** Reads some tokens again. {@return completes when what was read holds} */
    CompletionStage<Void> changed(SortedSet<String> ids) {
        return inTurn(() -> read(ids));
    }

    private CompletionStage<Void> readAll() {
        return inTurn(() -> store.children(TokenPaths.TOKENS)
                .exceptionallyCompose(error -> otherwise(error, Reason.NO_NODE, List.of()))
                .thenCompose(names -> {
                    SortedSet<String> ids = new TreeSet<>(byId.keySet());
                    ids.addAll(names);
                    return read(ids);
                }));
    }

    /** One reading begins when the one before has ended: none is put over a later one. */
    private CompletionStage<Void> inTurn(Supplier<CompletionStage<Void>> task) {
        CompletionStage<Void> turn = reading.handle((done, error) -> null).thenCompose(free -> task.get());
        reading = turn;
        return turn;
    }

    private CompletionStage<Void> read(SortedSet<String> ids) {
        List<CompletableFuture<Void>> all = new ArrayList<>(ids.size());
        for (String id : ids) {
            all.add(store.get(TokenPaths.token(id))
                    .thenApply(CoordinationStore.Node::data)
                    .exceptionallyCompose(error -> otherwise(error, Reason.NO_NODE, null))
                    .thenAccept(data -> take(id, data))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    private void take(String id, byte[] data) {
        DelegationToken token = data == null ? null : decode(id, data);
        KnownToken before = byId.get(id);
        if (token == null) {
            if (before != null) {
                byId.remove(id);
                bySecret.remove(before.secret());
            }
            return;
        }
        KnownToken known = before == null ? KnownToken.of(token, key) : before.with(token);
        byId.put(id, known);
        bySecret.put(known.secret(), known);
    }

    private static DelegationToken decode(String id, byte[] data) {
        try {
            return StoredToken.decode(id, data);
        } catch (IllegalArgumentException unreadable) {
            LOG.error(
                    "The delegation token in {} cannot be read, and lets nobody in: {}",
                    TokenPaths.token(id),
                    unreadable.getMessage());
            return null;
        }
    }

    private static SortedSet<String> ids(List<byte[]> notices) {
        SortedSet<String> ids = new TreeSet<>();
        for (byte[] notice : notices) {
            String id = new String(notice, UTF_8);
            if (isId(id)) {
                ids.add(id);
            } else {
                LOG.error("A notice that a delegation token has changed names none");
            }
        }
        return ids;
    }

    /** An identifier is text that one can name a node with. */
    private static boolean isId(String text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next <= ' ' || next >= 0x7f || next == '/') {
                return false;
            }
        }
        return !text.isEmpty() && !text.equals(".") && !text.equals("..");
    }

    private static <T> CompletionStage<T> otherwise(Throwable error, Reason harmless, T value) {
        return CoordinationException.is(error, harmless)
                ? CompletableFuture.completedStage(value)
                : CompletableFuture.failedStage(error);
    }
}
