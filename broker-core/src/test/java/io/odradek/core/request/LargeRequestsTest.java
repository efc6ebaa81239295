package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListGroupsResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LargeRequestsTest {
    private static final ListGroupsRequest REQUEST = new ListGroupsRequest(List.of(), List.of());
    private static final ListGroupsResponse ANSWER = new ListGroupsResponse(ErrorCode.NONE, List.of());

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final LargeRequests large = new LargeRequests(threads::add, 1_000);
    private final RequestHandler<ListGroupsRequest> handler =
            large.aside((request, context) -> context.respond(ANSWER));

    /** Hands a request on as a processor does. */
    private static TestContext serve(RequestHandler<ListGroupsRequest> handler, int sizeBytes) {
        TestContext context = new TestContext(ApiKey.LIST_GROUPS, 5).ofBytes(sizeBytes);
        context.workBegins(1);
        handler.handle(REQUEST, context);
        context.workEnds();
        return context;
    }

    @Test
    void aRequestOfCommonLengthIsServedAtOnce() {
        assertThat(serve(handler, 1_000).response(ListGroupsResponse.class)).isSameAs(ANSWER);
        assertThat(threads).isEmpty();
    }

    @Test
    void largeRequestsAreServedInTheBackgroundOneAtATimeAndInWorkUntilThen() {
        TestContext first = serve(handler, 1_001);
        TestContext second = serve(handler, 1_001);
        assertThat(first.isCompleted()).isFalse();
        assertThat(first.isParked()).isFalse();
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(first.response(ListGroupsResponse.class)).isSameAs(ANSWER);
        assertThat(second.isCompleted()).isFalse();
        threads.remove().run();
        assertThat(second.response(ListGroupsResponse.class)).isSameAs(ANSWER);
        assertThat(first.isParked()).isFalse();
    }

    @Test
    void aRequestWhoseClientHasGoneIsDroppedAndHoldsNothingWhileItStandsInTheQueue() {
        TestContext context = serve(handler, 1_001);
        context.leave();
        assertThat(context.isCompleted()).isTrue();
        threads.remove().run();
        assertThat(context.response(ListGroupsResponse.class)).isNull();
    }

    @Test
    void whateverGoesWrongIsAnsweredAndTheNextIsServed() {
        RequestHandler<ListGroupsRequest> failing = large.aside((request, context) -> {
            throw new StackOverflowError("in a test");
        });
        TestContext first = serve(failing, 1_001);
        TestContext second = serve(handler, 1_001);
        threads.remove().run();
        threads.remove().run();
        assertThat(first.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(second.response(ListGroupsResponse.class)).isSameAs(ANSWER);
    }
}
