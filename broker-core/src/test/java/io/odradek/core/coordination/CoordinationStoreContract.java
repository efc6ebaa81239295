package io.odradek.core.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every coordination store promises; a subclass for each store says how to get one. */
public abstract class CoordinationStoreContract {
    /** {@return a new session with the store under test, which starts empty} */
    protected abstract CoordinationStore newSession();

    /** Ends a session as a lost connection would. */
    protected abstract void expire(CoordinationStore session);

    /** Lets everything happen that is under way. */
    protected abstract void settle();

    private CoordinationStore store() {
        return newSession();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the result of a call, which must succeed} */
    protected <T> T value(CompletionStage<T> stage) {
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger completions = new AtomicInteger();
        stage.whenComplete((value, error) -> {
            result.set(value);
            failure.set(error);
            completions.incrementAndGet();
        });
        settle();
        assertThat(failure.get()).isNull();
        assertThat(completions).hasValue(1);
        return result.get();
    }

    /** {@return why a call failed, which must fail with a CoordinationException} */
    protected Reason reason(CompletionStage<?> stage) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        stage.whenComplete((value, error) -> failure.set(error));
        settle();
        assertThat(failure.get()).isInstanceOf(CoordinationException.class);
        return ((CoordinationException) failure.get()).reason();
    }

    private String text(CoordinationStore store, String path) {
        return new String(value(store.get(path)).data(), StandardCharsets.UTF_8);
    }

    @Test
    void aNodeIsReadAsItWasCreated() {
        CoordinationStore store = store();
        assertThat(value(store.create("/a", bytes("one"), CreateMode.PERSISTENT)))
                .isEqualTo("/a");
        Node node = value(store.get("/a"));
        assertThat(node.data()).isEqualTo(bytes("one"));
        assertThat(node.version()).isZero();
        assertThat(node.ephemeral()).isFalse();
    }

    @Test
    void aNodeWithoutParentOrWithATakenNameIsRefused() {
        CoordinationStore store = store();
        value(store.create("/a", bytes(""), CreateMode.PERSISTENT));
        assertThat(reason(store.create("/b/c", bytes(""), CreateMode.PERSISTENT)))
                .isEqualTo(Reason.NO_NODE);
        assertThat(reason(store.create("/a", bytes(""), CreateMode.PERSISTENT))).isEqualTo(Reason.NODE_EXISTS);
        assertThat(reason(store.get("/b"))).isEqualTo(Reason.NO_NODE);
        assertThat(reason(store.children("/b"))).isEqualTo(Reason.NO_NODE);
    }

    @Test
    void childrenAreNamedInOrderAndGrandchildrenAreNot() {
        CoordinationStore store = store();
        for (String path : List.of("/p", "/p/b", "/p/a", "/p/a/deep", "/p-other")) {
            value(store.create(path, bytes(""), CreateMode.PERSISTENT));
        }
        assertThat(value(store.children("/p"))).containsExactly("a", "b");
        assertThat(value(store.children("/p/b"))).isEmpty();
    }

    @Test
    void setWritesAtTheExpectedVersionOnly() {
        CoordinationStore store = store();
        value(store.create("/a", bytes("0"), CreateMode.PERSISTENT));
        assertThat(value(store.set("/a", bytes("1"), 0))).isEqualTo(1);
        assertThat(reason(store.set("/a", bytes("x"), 0))).isEqualTo(Reason.BAD_VERSION);
        assertThat(value(store.set("/a", bytes("2"), CoordinationStore.ANY_VERSION)))
                .isEqualTo(2);
        assertThat(text(store, "/a")).isEqualTo("2");
        assertThat(reason(store.set("/b", bytes(""), 0))).isEqualTo(Reason.NO_NODE);
    }

    @Test
    void deleteChecksVersionAndChildren() {
        CoordinationStore store = store();
        value(store.create("/a", bytes(""), CreateMode.PERSISTENT));
        value(store.create("/a/b", bytes(""), CreateMode.PERSISTENT));
        assertThat(reason(store.delete("/a", 0))).isEqualTo(Reason.NOT_EMPTY);
        assertThat(reason(store.delete("/a/b", 1))).isEqualTo(Reason.BAD_VERSION);
        value(store.delete("/a/b", 0));
        value(store.delete("/a", CoordinationStore.ANY_VERSION));
        assertThat(reason(store.delete("/a", 0))).isEqualTo(Reason.NO_NODE);
    }

    @Test
    void aNodeCreatedAgainStartsAtVersionZero() {
        CoordinationStore store = store();
        value(store.create("/a", bytes(""), CreateMode.PERSISTENT));
        value(store.set("/a", bytes("1"), 0));
        value(store.delete("/a", 1));
        value(store.create("/a", bytes(""), CreateMode.PERSISTENT));
        assertThat(value(store.get("/a")).version()).isZero();
    }

    @Test
    void sequentialNodesAreNumberedInTenDigitsAndNumbersAreNotReused() {
        CoordinationStore store = store();
        value(store.create("/q", bytes(""), CreateMode.PERSISTENT));
        assertThat(value(store.create("/q/n_", bytes(""), CreateMode.PERSISTENT_SEQUENTIAL)))
                .isEqualTo("/q/n_0000000000");
        value(store.delete("/q/n_0000000000", 0));
        assertThat(value(store.create("/q/n_", bytes(""), CreateMode.EPHEMERAL_SEQUENTIAL)))
                .isEqualTo("/q/n_0000000001");
    }

    @Test
    void multiDoesAllOrNothing() {
        CoordinationStore store = store();
        value(store.create("/a", bytes("0"), CreateMode.PERSISTENT));
        value(store.create("/gone", bytes("0"), CreateMode.PERSISTENT));
        Reason reason = reason(store.multi(List.of(
                new Operation.Set("/a", bytes("1"), 0),
                new Operation.Delete("/gone", 0),
                new Operation.Create("/b", bytes(""), CreateMode.PERSISTENT),
                new Operation.Check("/a", 0))));
        assertThat(reason).isEqualTo(Reason.BAD_VERSION);
        assertThat(text(store, "/a")).isEqualTo("0");
        assertThat(value(store.get("/a")).version()).isZero();
        assertThat(value(store.children("/"))).contains("a", "gone").doesNotContain("b");
    }

    @Test
    void multiSeesItsOwnEarlierOperations() {
        CoordinationStore store = store();
        value(store.multi(List.of(
                new Operation.Create("/a", bytes("0"), CreateMode.PERSISTENT),
                new Operation.Create("/a/b", bytes(""), CreateMode.PERSISTENT),
                new Operation.Set("/a", bytes("1"), 0),
                new Operation.Check("/a", 1))));
        assertThat(text(store, "/a")).isEqualTo("1");
        assertThat(value(store.children("/a"))).containsExactly("b");
    }

    @Test
    void whatIsTooLargeForATransactionIsRefusedAtItsLargestNodeAndCostsNothingElse() {
        CoordinationStore store = store();
        value(store.create("/a", bytes(""), CreateMode.PERSISTENT));
        byte[] half = new byte[CoordinationStore.MAX_TRANSACTION_BYTES / 2];
        byte[] more = new byte[CoordinationStore.MAX_TRANSACTION_BYTES / 2 + 1];
        CompletionStage<Void> both = store.multi(
                List.of(new Operation.Create("/b", half, CreateMode.PERSISTENT), new Operation.Set("/a", more, 0)));
        CompletionStage<List<String>> meanwhile = store.children("/a");
        assertThat(reason(both)).isEqualTo(Reason.DATA_TOO_LARGE);
        assertThat(both.toCompletableFuture()).isCompletedExceptionally();
        assertThat(value(meanwhile)).isEmpty();
        byte[] whole = new byte[CoordinationStore.MAX_TRANSACTION_BYTES];
        assertThat(reason(store.set("/a", whole, 0))).isEqualTo(Reason.DATA_TOO_LARGE);
        assertThat(reason(store.create("/b", whole, CreateMode.PERSISTENT))).isEqualTo(Reason.DATA_TOO_LARGE);
        assertThat(reason(store.get("/b"))).isEqualTo(Reason.NO_NODE);
        assertThat(value(store.set("/a", new byte[CoordinationStore.MAX_TRANSACTION_BYTES - 200], 0)))
                .isEqualTo(1);
    }

    @Test
    void ephemeralNodesVanishWithTheirSessionAndOthersStay() {
        CoordinationStore first = newSession();
        CoordinationStore second = newSession();
        value(first.create("/mine", bytes(""), CreateMode.EPHEMERAL));
        value(first.create("/kept", bytes(""), CreateMode.PERSISTENT));
        value(second.create("/theirs", bytes(""), CreateMode.EPHEMERAL));
        assertThat(value(second.get("/mine")).ephemeral()).isTrue();
        assertThat(value(second.get("/mine")).own()).isFalse();
        assertThat(value(first.get("/mine")).own()).isTrue();
        assertThat(value(first.get("/kept")).own()).isFalse();
        expire(first);
        assertThat(value(second.children("/"))).contains("kept", "theirs").doesNotContain("mine");
    }

    @Test
    void whoHasCaughtUpSeesWhatWasAnsweredToOthersBefore() {
        CoordinationStore writer = newSession();
        CoordinationStore reader = newSession();
        value(writer.create("/a", bytes("0"), CreateMode.PERSISTENT));
        for (int i = 0; i < 20; i++) {
            int before = i;
            CompletionStage<Node> read = writer.set("/a", bytes("x"), before)
                    .thenCompose(written -> reader.upToDate())
                    .thenCompose(caughtUp -> reader.get("/a"));
            assertThat(value(read).version()).isEqualTo(before + 1);
        }
    }

    @Test
    void anEphemeralNodeHasNoChildren() {
        CoordinationStore store = store();
        value(store.create("/e", bytes(""), CreateMode.EPHEMERAL));
        assertThat(reason(store.create("/e/c", bytes(""), CreateMode.PERSISTENT)))
                .isEqualTo(Reason.EPHEMERAL_PARENT);
    }

    @Test
    void anExpiredSessionIsToldAndRefused() {
        CoordinationStore store = store();
        AtomicInteger told = new AtomicInteger();
        store.onSessionExpired(told::incrementAndGet);
        expire(store);
        assertThat(told).hasValue(1);
        assertThat(reason(store.get("/"))).isEqualTo(Reason.SESSION_EXPIRED);
        assertThat(reason(store.create("/a", bytes(""), CreateMode.PERSISTENT))).isEqualTo(Reason.SESSION_EXPIRED);
    }

    @Test
    void aWatchTellsOfCreationDataChildrenAndDeletionByAnyone() {
        CoordinationStore watcher = newSession();
        CoordinationStore other = newSession();
        AtomicInteger calls = new AtomicInteger();
        watcher.watch("/w", calls::incrementAndGet);
        settle();
        value(other.create("/w", bytes(""), CreateMode.PERSISTENT));
        assertThat(calls).hasValue(1);
        value(other.set("/w", bytes("1"), 0));
        assertThat(calls).hasValue(2);
        value(other.create("/w/child", bytes(""), CreateMode.EPHEMERAL));
        assertThat(calls).hasValue(3);
        value(other.create("/elsewhere", bytes(""), CreateMode.PERSISTENT));
        assertThat(calls).hasValue(3);
        expire(other);
        assertThat(calls).hasValue(4);
        value(watcher.delete("/w", 1));
        assertThat(calls).hasValue(5);
    }

    @Test
    void aWatchedChangeCanBeReadWhenTheWatchIsCalled() {
        CoordinationStore watcher = newSession();
        value(watcher.create("/w", bytes("0"), CreateMode.PERSISTENT));
        List<String> seen = new ArrayList<>();
        watcher.watch(
                "/w",
                () -> watcher.get("/w").thenAccept(node -> seen.add(new String(node.data(), StandardCharsets.UTF_8))));
        settle();
        newSession().set("/w", bytes("1"), 0);
        settle();
        assertThat(seen).containsExactly("1");
    }

    @Test
    void aClosedWatchIsSilent() throws Exception {
        CoordinationStore store = store();
        AtomicInteger calls = new AtomicInteger();
        store.watch("/w", calls::incrementAndGet).close();
        value(store.create("/w", bytes(""), CreateMode.PERSISTENT));
        assertThat(calls).hasValue(0);
    }

    @Test
    void resultsArriveInTheOrderOfTheCalls() {
        CoordinationStore store = store();
        List<String> order = new ArrayList<>();
        store.create("/a", bytes(""), CreateMode.PERSISTENT).thenAccept(path -> order.add("create"));
        store.get("/a").thenAccept(node -> order.add("get"));
        store.get("/none").whenComplete((node, error) -> order.add("fail"));
        store.set("/a", bytes("1"), 0).thenAccept(version -> order.add("set"));
        store.children("/").thenAccept(names -> order.add("children"));
        settle();
        assertThat(order).containsExactly("create", "get", "fail", "set", "children");
    }
}
