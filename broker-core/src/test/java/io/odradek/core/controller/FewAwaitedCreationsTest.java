package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class FewAwaitedCreationsTest {
    private final List<CompletableFuture<ErrorCode>> begun = new ArrayList<>();
    private boolean broken;
    private final TopicCreator creations = new FewAwaitedCreations(
            new TopicCreator() {
                @Override
                public CompletionStage<ErrorCode> create(String topic) {
                    if (broken) {
                        throw new IllegalStateException("in a test");
                    }
                    begun.add(new CompletableFuture<>());
                    return begun.get(begun.size() - 1);
                }

                @Override
                public int partitionsOf(String topic) {
                    return 3;
                }
            },
            2);

    private ErrorCode outcome(CompletionStage<ErrorCode> creation) {
        return creation.toCompletableFuture().getNow(null);
    }

    @Test
    void beyondTheBoundNothingIsBegunUntilACreationEnds() {
        CompletionStage<ErrorCode> first = creations.create("a");
        creations.create("a");
        for (int i = 0; i < 100; i++) {
            assertThat(outcome(creations.create("a"))).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
        }
        assertThat(begun).hasSize(2);
        begun.get(0).complete(ErrorCode.NONE);
        assertThat(outcome(first)).isEqualTo(ErrorCode.NONE);
        creations.create("b");
        assertThat(begun).hasSize(3);
        begun.get(1).completeExceptionally(new IllegalStateException("in a test"));
        creations.create("c");
        assertThat(begun).hasSize(4);
    }

    @Test
    void oneThatCannotBeBegunIsNotAwaited() {
        broken = true;
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> creations.create("a")).isInstanceOf(IllegalStateException.class);
        }
        broken = false;
        creations.create("a");
        assertThat(begun).hasSize(1);
    }

    @Test
    void partitionsAreThoseOfTheCreator() {
        assertThat(creations.partitionsOf("a")).isEqualTo(3);
    }
}
