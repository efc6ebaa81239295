package io.odradek.protocol.errors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
    @Test
    void shortTextStaysAsItIs() {
        assertThat(Quoted.text("a".repeat(200))).isEqualTo("a".repeat(200));
        assertThat(Quoted.text(null)).isNull();
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(Quoted.text("a".repeat(32_767))).isEqualTo("a".repeat(200) + "... (32767 characters)");
        String emoji = "a".repeat(199) + "\uD83D\uDE00".repeat(10);
        assertThat(Quoted.text(emoji)).isEqualTo("a".repeat(199) + "... (219 characters)");
    }
}
