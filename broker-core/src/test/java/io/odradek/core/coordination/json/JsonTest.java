package io.odradek.core.coordination.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static JsonObject read(String text) {
        return JsonReader.readObject(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        String hard = "quote \" backslash \\ newline \n bell \u0007 umlaut ü";
        JsonObject read = JsonReader.readObject(new JsonWriter()
                .field("text", hard)
                .field("none", (String) null)
                .field("number", Long.MIN_VALUE)
                .field("object", new JsonWriter().field("inner", 1))
                .ints("ints", List.of(1, 2))
                .strings("strings", List.of())
                .bytes());
        assertThat(read.stringAt("text")).isEqualTo(hard);
        assertThat(read.has("none")).isFalse();
        assertThat(read.longAt("number")).isEqualTo(Long.MIN_VALUE);
        assertThat(read.objectAt("object").intAt("inner")).isEqualTo(1);
        assertThat(read.intsAt("ints")).containsExactly(1, 2);
        assertThat(read.stringsAt("strings")).isEmpty();
    }

    @Test
    void spaceEscapesAndUnknownFieldsAreUnderstood() {
        JsonObject read = read(" {\"a\" : \"\\u00fc\\/\" , \"b\":[true,false,null,1.5e3,{}]}\n");
        assertThat(read.stringAt("a")).isEqualTo("ü/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "1",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1}x",
                "{\"a\":\"",
                "{\"a\":\"\\x\"}",
                "{\"a\":tru}",
                "{\"a\":1-}",
                "{\"a\":99999999999999999999}"
            })
    void brokenTextIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nestingIsBounded() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThatThrownBy(() -> read(deep)).hasMessageContaining("levels");
    }
}
