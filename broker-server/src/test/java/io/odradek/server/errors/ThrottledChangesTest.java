package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.THROTTLING_QUOTA_EXCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntityData;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntryData;
import io.odradek.protocol.api.AlterClientQuotasRequest.OpData;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of the cluster by a client that may make few (KIP-599). Each is asked over a connection that does not rest yet. */
@Timeout(120)
class ThrottledChangesTest {
    private ErrorsBed bed;

    /** Of one partition in ten seconds. */
    @BeforeEach
    void start() throws Exception {
        bed = ErrorsBed.start();
        EntryData few = new EntryData(
                List.of(new EntityData("client-id", "raw")),
                List.of(new OpData("controller_mutation_rate", 0.1, false)));
        bed.expect(new AlterClientQuotasRequest(List.of(few), false), 1);
        // It may be a moment until they are heeded; what is only tried costs nothing then.
        await().until(() -> {
            errors(create("first", 3, false), 6);
            return errors(create("probe", 1, false), 6).equals(List.of(THROTTLING_QUOTA_EXCEEDED));
        });
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    private static CreateTopicsRequest create(String topic, int partitions, boolean onlyTry) {
        CreatableTopic wanted = new CreatableTopic(topic, partitions, (short) 1, List.of(), List.of());
        return new CreateTopicsRequest(List.of(wanted), ErrorsBed.TIMEOUT_MS, onlyTry);
    }

    private List<ErrorCode> errors(ApiRequest request, int version) throws IOException {
        try (RawClient client = bed.connect()) {
            return Answers.errors(client.ask(request, version, ApiResponse.class));
        }
    }

    @Test
    void whoChangesTooMuchIsToldWhenToComeAgain() throws Exception {
        DeleteTopicsRequest deletion = new DeleteTopicsRequest(List.of(), List.of("first"), ErrorsBed.TIMEOUT_MS);
        CreatePartitionsRequest growth = new CreatePartitionsRequest(
                List.of(new CreatePartitionsTopic("first", 4, null)), ErrorsBed.TIMEOUT_MS, false);

        assertThat(errors(create("second", 1, false), 6)).containsExactly(THROTTLING_QUOTA_EXCEEDED);
        assertThat(errors(deletion, 5)).containsExactly(THROTTLING_QUOTA_EXCEEDED);
        assertThat(errors(growth, 3)).containsExactly(THROTTLING_QUOTA_EXCEEDED);
        try (RawClient client = bed.connect()) {
            var refused = client.ask(create("second", 1, false), 6, CreateTopicsResponse.class);
            assertThat(refused.topics().get(0).errorMessage()).isEqualTo("The throttling quota has been exceeded.");
        }
    }

    @Test
    void whatIsOnlyTriedOrThereAlreadyIsNoChange() throws Exception {
        assertThat(errors(create("second", 1, true), 6)).isEmpty();
        assertThat(errors(create("first", 1, false), 6)).containsExactly(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void forClientsThatDoNotKnowAllIsDone() throws Exception {
        assertThat(errors(create("second", 1, false), 5)).isEmpty();
        assertThat(errors(
                        new CreatePartitionsRequest(
                                List.of(new CreatePartitionsTopic("second", 2, null)), ErrorsBed.TIMEOUT_MS, false),
                        2))
                .isEmpty();
        assertThat(errors(new DeleteTopicsRequest(List.of(), List.of("second"), ErrorsBed.TIMEOUT_MS), 4))
                .isEmpty();
    }
}
