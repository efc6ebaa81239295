package io.odradek.server.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnknownTopicExceptionTest {
    @Test
    void ofManyTopicsAFewAreNamed() {
        List<String> known = IntStream.range(0, 5_000).mapToObj(i -> "t" + i).toList();
        assertThat(UnknownTopicException.topic("nobody", known))
                .hasMessageStartingWith("There is no topic nobody, only [t0, t1,")
                .hasMessageEndingWith(", t19] and 4980 more");
    }

    @Test
    void ofFewAllAre() {
        assertThat(UnknownTopicException.topic("nobody", List.of("a", "b")))
                .hasMessage("There is no topic nobody, only [a, b]");
    }
}
