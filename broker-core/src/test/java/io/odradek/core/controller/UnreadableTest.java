package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnreadableTest {
    private final Unreadable unreadable = new Unreadable();

    private boolean said(String path, String why) {
        return unreadable.leaveOut(path, new IllegalArgumentException(why));
    }

    @Test
    void eachNodeIsNamedOnceUntilSomethingElseIsWrongWithIt() {
        assertThat(said("/a", "no JSON")).isTrue();
        assertThat(said("/b", "no JSON")).isTrue();
        assertThat(said("/a", "no JSON")).isFalse();
        assertThat(said("/a", "no version")).isTrue();
        assertThat(said("/a", "no version")).isFalse();
    }

    @Test
    void whatWasMetLongAgoIsForgotten() {
        said("/often", "no JSON");
        said("/once", "no JSON");
        for (int i = 0; i < 1_000; i++) {
            said("/" + i, "no JSON");
            assertThat(said("/often", "no JSON")).isFalse();
        }
        assertThat(said("/once", "no JSON")).isTrue();
    }
}
