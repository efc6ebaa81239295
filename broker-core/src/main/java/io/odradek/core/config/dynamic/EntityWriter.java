package io.odradek.core.config.dynamic;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.ConfigChangeNode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Changes the settings of somebody in the tree, as any broker of Apache Kafka 3.9's ZooKeeper mode does: the new ones in the
 * node below {@code /config}, and a notice for all brokers under {@code /config/changes}. Both are written at once, and only
 * if nobody else has changed the settings in between.
 *
 * @param store this broker's session with the tree
 * @param loop the loop that it was opened with
 */
record EntityWriter(CoordinationStore store, EventLoop loop) {
    /** Each loss of the race is another change that was stored, so only a storm of changes makes one give up. */
    private static final int MAX_ATTEMPTS = 100;

    private static final String CONFIG = "/config/";
    private static final String NOTICE = ClusterPaths.CONFIG_CHANGES + "/" + ClusterPaths.CONFIG_CHANGE_PREFIX;

    /**
     * A change that is wanted.
     *
     * @param entity whose settings, as the node below {@code /config}, such as {@code topics/t}
     * @param conditions what else must be there for it to be stored
     * @param unmet how it is refused if one of them is not there
     * @param next makes the next settings of the node's data, empty where there is no node; fails with an {@link ApiException}
     * @param effect brings the stored change into effect on this broker
     * @param goesWhenEmpty whether the node goes with the last setting: there is one only for whom something is set
     * @param check finds out, on this loop again, whether what was made can be served; fails with an {@link ApiException}
     */
    record Change(
            String entity,
            List<Operation> conditions,
            ApiException unmet,
            Function<byte[], SortedMap<String, String>> next,
            Supplier<CompletionStage<Void>> effect,
            boolean goesWhenEmpty,
            Supplier<CompletionStage<Void>> check) {
        /** One of which nothing takes long to find out. */
        Change(
                String entity,
                List<Operation> conditions,
                ApiException unmet,
                Function<byte[], SortedMap<String, String>> next,
                Supplier<CompletionStage<Void>> effect,
                boolean goesWhenEmpty) {
            this(entity, conditions, unmet, next, effect, goesWhenEmpty, () -> CompletableFuture.completedStage(null));
        }

        /** One after which the node stays, whatever is in it. */
        Change(
                String entity,
                List<Operation> conditions,
                ApiException unmet,
                Function<byte[], SortedMap<String, String>> next,
                Supplier<CompletionStage<Void>> effect) {
            this(entity, conditions, unmet, next, effect, false);
        }

        private String path() {
            return CONFIG + entity;
        }
    }

    /**
     * Changes settings, all or nothing. May be called from any thread.
     *
     * @param validateOnly whether nothing is to be stored
     * @return completes on the loop when the change is stored and in effect on this broker; fails with an
     *     {@link ApiException}: what the change is refused with, POLICY_VIOLATION if it is too large to be stored,
     *     REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR
     */
    CompletionStage<Void> alter(Change change, boolean validateOnly) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        loop.post(() -> attempt(change, validateOnly, 1).whenComplete((done, error) -> {
            if (error == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(refusal(change, error));
            }
        }));
        return result;
    }

    private CompletionStage<Void> attempt(Change change, boolean validateOnly, int attempt) {
        return current(change.path()).thenCompose(node -> {
            SortedMap<String, String> after = change.next().apply(node.data());
            CompletionStage<Void> checked = change.check().get();
            if (validateOnly) {
                return checked;
            }
            return checked.thenCompose(right -> write(change, node.version(), after))
                    .thenCompose(done -> change.effect().get())
                    .exceptionallyCompose(error -> lostRace(change, error) && attempt < MAX_ATTEMPTS
                            ? attempt(change, false, attempt + 1)
                            : CompletableFuture.failedStage(error));
        });
    }

    /** {@return the node, or an empty one without version if there is none} */
    private CompletionStage<Node> current(String path) {
        return store.get(path)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(
                                new Node(new byte[0], CoordinationStore.ANY_VERSION, false, false, 0, 0))
                        : CompletableFuture.failedStage(error));
    }

    private CompletionStage<Void> write(Change change, int version, SortedMap<String, String> settings) {
        boolean isThere = version != CoordinationStore.ANY_VERSION;
        boolean goes = change.goesWhenEmpty() && settings.isEmpty();
        if (goes && !isThere) {
            return CompletableFuture.completedStage(null);
        }
        List<Operation> operations = new ArrayList<>(change.conditions());
        if (goes) {
            operations.add(new Operation.Delete(change.path(), version));
        } else {
            byte[] data = new TopicConfigNode(settings).encode();
            operations.add(
                    isThere
                            ? new Operation.Set(change.path(), data, version)
                            : new Operation.Create(change.path(), data, CreateMode.PERSISTENT));
        }
        operations.add(new Operation.Create(
                NOTICE, new ConfigChangeNode(change.entity()).encode(), CreateMode.PERSISTENT_SEQUENTIAL));
        return store.multi(operations);
    }

    private static boolean lostRace(Change change, Throwable error) {
        return CoordinationException.is(error, Reason.BAD_VERSION)
                || CoordinationException.is(error, Reason.NODE_EXISTS)
                || missing(change.path(), error)
                || isAbove(change.path(), error);
    }

    /** {@return whether what a node is to be below was taken away, which the change's check may make again} */
    private static boolean isAbove(String path, Throwable error) {
        return cause(error) instanceof CoordinationException failure
                && failure.reason() == Reason.NO_NODE
                && path.startsWith(failure.path() + "/");
    }

    /** {@return whether an operation failed because there is no such node} */
    private static boolean missing(String path, Throwable error) {
        return cause(error) instanceof CoordinationException failure
                && failure.reason() == Reason.NO_NODE
                && failure.path().equals(path);
    }

    private static ApiException refusal(Change change, Throwable error) {
        Throwable cause = cause(error);
        if (cause instanceof ApiException refusal) {
            return refusal;
        }
        for (Operation condition : change.conditions()) {
            if (missing(condition.path(), cause)) {
                return change.unmet();
            }
        }
        if (lostRace(change, cause)) {
            return new ApiException(
                    ErrorCode.REQUEST_TIMED_OUT, "The settings of " + change.entity() + " change all the time");
        }
        return new ApiException(CoordinationErrors.code(cause), CoordinationErrors.message(cause));
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
