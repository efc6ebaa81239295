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

    @Test
    void whatCouldForgeALineOfALogIsEscaped() {
        assertThat(Quoted.text("a\r\nWARN all is lost" + (char) 27 + "[2J"))
                .isEqualTo("a\\u000d\\u000aWARN all is lost\\u001b[2J");
        assertThat(Quoted.text("a" + (char) 0x2028 + "b" + (char) 0x202e + "c")).isEqualTo("a\\u2028b\\u202ec");
        assertThat(Quoted.text("\n".repeat(300))).isEqualTo("\\u000a".repeat(200) + "... (300 characters)");
        assertThat(Quoted.text("größer als ❤")).isEqualTo("größer als ❤");
    }
}
