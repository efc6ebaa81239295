package io.odradek.server.zookeeper;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooKeeper;

/**
 * A broker's session with a ZooKeeper ensemble, from its first connection to its end, which a server tells. ZooKeeper's own
 * client connects again by itself as long as the session lives.
 *
 * <p>A call that is under way when the connection is lost fails with CONNECTION_LOSS: a write may have been made or not,
 * and only reading tells. A call that is made meanwhile waits for the next connection.
 */
final class ZooKeeperSession implements CoordinationSession {
    private static final List<Op> ONLY_A_LOOK = List.of(Op.check("/", ANY_VERSION));

    private final Attachment attachment;
    private final EventLoop loop;
    private final CallWindow window;
    private final SessionNews news;
    private final Consumer<ZooKeeper> end;
    private final NodeAcls acls;
    private final Transactions transactions;
    private final int maxBytes;

    /**
     * @param end closes the client, which waits for the ensemble
     * @param acls who may do what with the nodes that it creates
     * @param maxBytes how large a transaction may be: a server hangs up on whoever sends it more than it reads
     */
    ZooKeeperSession(
            Attachment attachment,
            EventLoop loop,
            CallWindow window,
            SessionNews news,
            Consumer<ZooKeeper> end,
            NodeAcls acls,
            int maxBytes) {
        this.attachment = attachment;
        this.loop = loop;
        this.window = window;
        this.news = news;
        this.end = end;
        this.acls = acls;
        this.transactions = new Transactions(acls);
        this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<Node> get(String path) {
        return call(
                path,
                result -> client().getData(
                                path,
                                false,
                                (code, named, context, data, stat) -> end(
                                        result,
                                        path,
                                        code,
                                        () -> new Node(
                                                Transactions.read(data),
                                                stat.getVersion(),
                                                stat.getEphemeralOwner() != 0,
                                                stat.getEphemeralOwner() == client().getSessionId(),
                                                stat.getCzxid(),
                                                stat.getMzxid())),
                                null));
    }

    @Override
    public CompletionStage<List<String>> children(String path) {
        return call(
                path,
                result -> client().getChildren(
                                path,
                                false,
                                (code, named, context, names) -> end(result, path, code, () -> {
                                    List<String> sorted = new ArrayList<>(names);
                                    Collections.sort(sorted);
                                    return sorted;
                                }),
                                null));
    }

    @Override
    public CompletionStage<String> create(String path, byte[] data, CreateMode mode) {
        return write(
                List.of(new Operation.Create(path, data, mode)),
                result -> client().create(
                                path,
                                Transactions.created(data),
                                acls.of(path),
                                Transactions.mode(mode),
                                (code, named, context, created) -> end(result, path, code, () -> created),
                                null));
    }

    @Override
    public CompletionStage<Integer> set(String path, byte[] data, int expectedVersion) {
        return write(
                List.of(new Operation.Set(path, data, expectedVersion)),
                result -> client().setData(
                                path,
                                data,
                                expectedVersion,
                                (code, named, context, stat) -> end(result, path, code, () -> stat.getVersion()),
                                null));
    }

    @Override
    public CompletionStage<Void> delete(String path, int expectedVersion) {
        return call(
                path,
                result -> client().delete(
                                path,
                                expectedVersion,
                                (code, named, context) -> end(result, path, code, () -> null),
                                null));
    }

    @Override
    public CompletionStage<Void> multi(List<Operation> operations) {
        if (operations.isEmpty()) {
            return call("/", result -> end(result, "/", Code.OK.intValue(), () -> null));
        }
        List<Op> ops = transactions.of(operations);
        return write(
                operations,
                result -> client().multi(
                                ops,
                                (code, named, context, outcomes) -> endMulti(result, operations, code, outcomes),
                                null));
    }

    /**
     * By a transaction that changes nothing. ZooKeeper's own {@code sync} does not do: where the session is with the leader
     * of the ensemble, it waits for nothing, and the leader may have yet to carry out what a follower has answered.
     */
    @Override
    public CompletionStage<Void> upToDate() {
        return call(
                "/",
                result -> client().multi(
                                ONLY_A_LOOK,
                                (code, named, context, outcomes) -> end(result, "/", code, () -> null),
                                null));
    }

    @Override
    public AutoCloseable watch(String path, Runnable changed) {
        return news.watch(attachment, path, changed);
    }

    @Override
    public void onSessionExpired(Runnable listener) {
        news.onExpiry(listener);
    }

    @Override
    public void close() {
        news.close();
        end.accept(attachment.detach());
    }

    /** {@return the session's number, by which the ensemble knows it} */
    long number() {
        return attachment.client().getSessionId();
    }

    /** {@return how many handles of ZooKeeper's client the session has had} */
    int handles() {
        return attachment.handles();
    }

    /** {@return how long it lives when it is silent, as the ensemble has granted it} */
    int timeoutMs() {
        return client().getSessionTimeout();
    }

    /** Waits until everything called before was answered, and what the ensemble had to tell was told to the loop; blocks. */
    void reachEnsemble() {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        window.start(() -> client().sync(
                        "/",
                        (code, path, context) -> {
                            window.ended();
                            answered.complete(null);
                        },
                        null));
        answered.join();
    }

    private ZooKeeper client() {
        return attachment.client();
    }

    private <T> CompletionStage<T> write(List<Operation> operations, Consumer<CompletableFuture<T>> begin) {
        String first = operations.get(0).path();
        if (Operation.sizeBytes(operations) <= maxBytes) {
            return call(first, begin);
        }
        return call(first, result -> fail(result, CoordinationException.tooLarge(operations, maxBytes)));
    }

    private <T> CompletionStage<T> call(String path, Consumer<CompletableFuture<T>> begin) {
        CompletableFuture<T> result = new CompletableFuture<>();
        window.start(() -> {
            try {
                begin.accept(result);
            } catch (IllegalArgumentException badPath) {
                fail(result, new CoordinationException(Reason.NO_NODE, path, badPath.getMessage()));
            }
        });
        return result;
    }

    /** The value of a call that went well; made where its result arrives. */
    private interface Value<T> {
        T get();
    }

    private <T> void end(CompletableFuture<T> result, String path, int code, Value<T> value) {
        if (code == Code.OK.intValue()) {
            T done = value.get();
            window.ended();
            loop.post(() -> result.complete(done));
        } else {
            fail(result, new CoordinationException(reason(Code.get(code)), path));
        }
    }

    /** A handle that is given up says that its session has ended, which others may know better. */
    private Reason reason(Code code) {
        Reason reason = Codes.reason(code);
        return reason == Reason.SESSION_EXPIRED && !news.isOver() ? Reason.CONNECTION_LOSS : reason;
    }

    private void endMulti(
            CompletableFuture<Void> result, List<Operation> operations, int code, List<OpResult> outcomes) {
        if (code == Code.OK.intValue()) {
            end(result, "", code, () -> null);
        } else {
            fail(result, Transactions.failure(operations, reason(Code.get(code)), outcomes));
        }
    }

    private void fail(CompletableFuture<?> result, CoordinationException failure) {
        window.ended();
        loop.post(() -> result.completeExceptionally(failure));
    }
}
