package io.odradek.server.login.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.env.MovableClock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.Test;

/** When the keys of tokens are fetched, and who waits for that. */
class KeyRingTest {
    private static final Signer FIRST = new Signer("first");
    private static final Signer SECOND = new Signer("second");

    private final MovableClock clock = MovableClock.fromNow();
    private final Deque<Runnable> away = new ArrayDeque<>();
    private String served = Signer.publicKeys(FIRST);
    private int reads;

    private final KeyRing ring = new KeyRing(
            () -> {
                reads++;
                if (served == null) {
                    throw new IOException("away");
                }
                return served.getBytes(UTF_8);
            },
            "here",
            new KeyRing.Pace(3_600_000, 1_000, 60_000, 10_000),
            clock,
            away::add);

    private void pass(long seconds) {
        clock.forward(TimeUnit.SECONDS.toNanos(seconds));
    }

    private void work() {
        while (!away.isEmpty()) {
            away.poll().run();
        }
    }

    private static List<String> ids(CompletableFuture<List<JsonWebKey>> keys) {
        assertThat(keys).isDone();
        return keys.join() == null
                ? null
                : keys.join().stream().map(JsonWebKey::getKeyId).toList();
    }

    private CompletableFuture<List<JsonWebKey>> keys() {
        return ring.keys().toCompletableFuture();
    }

    @Test
    void whoComesBeforeTheFirstKeysWaitsForThem() {
        CompletableFuture<List<JsonWebKey>> one = keys();
        CompletableFuture<List<JsonWebKey>> other = keys();
        assertThat(one).isNotDone();

        work();

        assertThat(ids(one)).containsExactly("first");
        assertThat(ids(other)).containsExactly("first");
        assertThat(reads).isOne();
    }

    @Test
    void oldKeysServeWhileNewOnesAreFetchedAndVeryOldOnesDoNot() {
        keys();
        work();
        served = Signer.publicKeys(SECOND);

        pass(3_700);
        assertThat(ids(keys())).containsExactly("first");
        pass(3_700);
        CompletableFuture<List<JsonWebKey>> waiting = keys();
        assertThat(waiting).isNotDone();
        work();

        assertThat(ids(waiting)).containsExactly("second");
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void whatCannotBeFetchedIsAskedForEverMoreRarelyAndChangesNothing() {
        keys();
        work();
        served = null;
        pass(8_000);

        for (int i = 0; i < 3_600; i++) {
            CompletableFuture<List<JsonWebKey>> asked = keys();
            work();
            assertThat(ids(asked)).containsExactly("first");
            pass(1);
        }

        assertThat(reads - 1).isBetween(55, 75);
    }

    @Test
    void nothingIsKnownWhereNothingCanBeRead() {
        for (String nothing :
                new String[] {null, "", "{}", "[]", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"new\"}]}", "{\"keys\":7}"
                }) {
            served = nothing;
            pass(100);
            CompletableFuture<List<JsonWebKey>> asked = keys();
            work();
            assertThat(ids(asked)).isNull();
        }
        served = Signer.publicKeys(FIRST);
        pass(100);
        CompletableFuture<List<JsonWebKey>> asked = keys();
        work();
        assertThat(ids(asked)).containsExactly("first");
    }

    @Test
    void aKeyThatIsNotAmongThemHasThemFetchedOnceInAWhile() {
        CompletableFuture<List<JsonWebKey>> before = keys();
        work();
        served = Signer.publicKeys(FIRST, SECOND);

        CompletableFuture<List<JsonWebKey>> after = ring.after(before.join()).toCompletableFuture();
        work();
        assertThat(ids(after)).containsExactly("first", "second");
        assertThat(ring.after(before.join()).toCompletableFuture().join()).isSameAs(after.join());
        assertThat(ring.after(after.join())).isNull();
        assertThat(reads).isEqualTo(2);

        pass(11);
        assertThat(ring.after(after.join())).isNotNull();
        assertThat(ring.after(after.join())).as("waits for the same").isNotNull();
        work();
        assertThat(reads).isEqualTo(3);
    }
}
