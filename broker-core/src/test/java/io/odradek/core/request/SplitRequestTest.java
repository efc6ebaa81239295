package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.TestBroker;
import io.odradek.core.purgatory.DelayedOperation;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Parts that are done, failed or parked, and when their request is answered. */
class SplitRequestTest {
    private final TestBroker broker = new TestBroker(3);
    private final TestContext context = new TestContext(ApiKey.LIST_OFFSETS, 7);
    private final List<String> events = new ArrayList<>();
    private final Request request = new Request();

    private final class Request extends SplitRequest {
        Request() {
            super(context);
        }

        @Override
        protected Part part(PartitionOwner owner, int[] items) {
            throw new AssertionError("Parts are added by hand");
        }

        @Override
        protected void answer() {
            events.add("answered");
            context.respondNothing();
        }

        @Override
        protected void ended() {
            events.add("ended");
        }
    }

    /** A part that does what it is told. */
    private class TestPart extends Part {
        private final Step step;

        TestPart(int owner, Step step) {
            super(request, broker.owners.owner(owner));
            this.step = step;
        }

        @Override
        protected State serve() {
            return step.take();
        }
    }

    private final class ParkedPart extends TestPart {
        ParkedPart(int owner) {
            super(owner, null);
        }

        @Override
        protected State serve() {
            return park(new DelayedOperation() {
                @Override
                protected int kind() {
                    return FETCH;
                }

                @Override
                protected void onChange(int slot) {}

                @Override
                protected void onTimeout() {}
            });
        }

        void wake() {
            owner().loop().post(() -> {
                leave();
                request.partDone(this);
            });
            broker.world.runUntilIdle();
        }
    }

    private void start(Part... parts) {
        for (Part part : parts) {
            request.add(part);
        }
        request.start();
    }

    private TestPart done(int owner) {
        return new TestPart(owner, () -> Part.State.DONE);
    }

    private TestPart failing(int owner, Throwable failure) {
        return new TestPart(owner, () -> {
            throw SplitRequestTest.<RuntimeException>sneaky(failure);
        });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
        throw (E) failure;
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void itIsAnsweredOnceWhenAllPartsAreDone() {
        start(done(0), done(1), done(2));
        assertThat(context.isCompleted()).isFalse();
        broker.world.runUntilIdle();
        assertThat(events).containsExactly("answered", "ended");
    }

    @Test
    void withoutPartsItIsAnsweredAtOnce() {
        request.start();
        assertThat(events).containsExactly("answered", "ended");
    }

    @Test
    void whatGoesWrongInAPartIsAnsweredOnceWhenNoOtherTouchesTheRequestAnyMore() {
        for (Throwable failure : List.of(new IllegalStateException("in a test"), new StackOverflowError("in a test"))) {
            TestContext failed = new TestContext(ApiKey.LIST_OFFSETS, 7);
            boolean[] answeredBefore = new boolean[1];
            PerPartition.start(
                    failed,
                    broker.owners,
                    oneForEachOwner(),
                    (owner, item) -> {
                        answeredBefore[0] |= failed.isCompleted();
                        if (item == 0) {
                            throw SplitRequestTest.<RuntimeException>sneaky(failure);
                        }
                    },
                    () -> failed.respondNothing());
            broker.world.runUntilIdle();
            assertThat(failed.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
            assertThat(failed.closed()).isNull();
            assertThat(answeredBefore[0]).isFalse();
        }
    }

    @Test
    void itWaitsForPartsThatAreParkedAndHoldsNothingMeanwhile() {
        ParkedPart one = new ParkedPart(0);
        ParkedPart other = new ParkedPart(1);
        start(one, other, done(2));
        broker.world.runUntilIdle();
        assertThat(context.isParked()).isTrue();
        one.wake();
        assertThat(events).isEmpty();
        other.wake();
        assertThat(events).containsExactly("answered", "ended");
        assertThat(broker.parked()).isZero();
    }

    @Test
    void aPartThatFailsEndsTheWaitOfTheOthers() {
        start(new ParkedPart(0), new ParkedPart(1), failing(2, new AssertionError("in a test")));
        broker.world.runUntilIdle();
        assertThat(context.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(events).containsExactly("ended");
        assertThat(broker.parked()).isZero();
    }

    @Test
    void itIsDroppedOnEveryOwnerWhenTheClientLeaves() {
        ParkedPart one = new ParkedPart(0);
        start(one, new ParkedPart(1), done(2));
        broker.world.runUntilIdle();
        context.leave();
        broker.world.runUntilIdle();
        assertThat(events).containsExactly("ended");
        assertThat(context.isCompleted()).isTrue();
        assertThat(broker.parked()).isZero();
        one.wake();
        assertThat(events).containsExactly("ended");
    }

    @Test
    void aClientThatLeavesWhilePartsAreInWorkIsNoticedWhenTheyHavePaused() {
        start(new ParkedPart(0), done(1));
        context.leave();
        broker.world.runUntilIdle();
        assertThat(events).containsExactly("ended");
        assertThat(broker.parked()).isZero();
    }

    @Test
    void anAnswerThatCannotBeMadeIsAnError() {
        TestContext failed = new TestContext(ApiKey.LIST_OFFSETS, 7);
        PerPartition.start(failed, broker.owners, oneForEachOwner(), (owner, item) -> {}, () -> {
            throw new NoClassDefFoundError("in a test");
        });
        broker.world.runUntilIdle();
        assertThat(failed.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    private TopicPartition[] oneForEachOwner() {
        TopicPartition[] ids = new TopicPartition[broker.owners.count()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = new TopicPartition("t", i);
        }
        return ids;
    }
}
