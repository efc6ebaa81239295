package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestDispatcherTest {
    private static final Map<ApiKey, RequestHandler<?>> HANDLERS = Map.of(
            ApiKey.API_VERSIONS,
            (request, context) -> {
                throw new StackOverflowError("in a test");
            },
            ApiKey.PRODUCE,
            (request, context) -> {
                throw new IllegalStateException("in a test");
            },
            ApiKey.METADATA,
            (request, context) -> {
                context.respondNothing();
                throw new IllegalStateException("in a test");
            });

    private static final RequestDispatcher FAILING = new RequestDispatcher(HANDLERS.keySet(), HANDLERS::get);

    private static TestContext dispatched(ApiKey api, ApiRequest request) {
        TestContext context = new TestContext(api, 3);
        FAILING.dispatch(request, context);
        return context;
    }

    @Test
    void whateverAHandlerThrowsIsAnswered() {
        TestContext context = dispatched(ApiKey.API_VERSIONS, new ApiVersionsRequest("a", "1"));
        assertThat(context.failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(context.closed()).isNull();
        assertThat(dispatched(ApiKey.PRODUCE, produce(1)).failure()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void aProduceThatHasNoAnswerIsToldByTheEndOfTheConnection() {
        TestContext context = dispatched(ApiKey.PRODUCE, produce(0));
        assertThat(context.failure()).isNull();
        assertThat(context.closed()).isNotNull();
    }

    @Test
    void aFailureAfterTheAnswerIsNobodys() {
        TestContext context = dispatched(ApiKey.METADATA, produce(1));
        assertThat(context.failure()).isNull();
        assertThat(context.isCompleted()).isTrue();
    }

    @Test
    void anApiThatIsNotServedClosesTheConnection() {
        assertThat(dispatched(ApiKey.FETCH, produce(1)).closed()).contains("not served");
    }

    private static ProduceRequest produce(int acks) {
        return new ProduceRequest(null, (short) acks, 1000, List.of());
    }

    @Test
    void aHandlerIsMadeWhenItIsFirstNeededAndOnce() {
        List<ApiKey> made = new ArrayList<>();
        RequestDispatcher dispatcher = new RequestDispatcher(List.of(ApiKey.METADATA, ApiKey.PRODUCE), api -> {
            made.add(api);
            return (request, context) -> context.respondNothing();
        });
        assertThat(made).isEmpty();
        dispatcher.dispatch(produce(1), new TestContext(ApiKey.PRODUCE, 3));
        dispatcher.dispatch(produce(1), new TestContext(ApiKey.PRODUCE, 3));
        assertThat(made).containsExactly(ApiKey.PRODUCE);
    }
}
