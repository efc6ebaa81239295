package io.odradek.core.request.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IdPatternTest {
    private static final int MOST = 2_000;

    @ParameterizedTest
    @CsvSource({
        "orders-.*, orders-17, true",
        "orders, orders-17, false",
        "rders-17, orders-17, false",
        "a|ab, ab, true",
        "(?i)ORDERS-\\d+, orders-17, true",
        "\\Qa.b\\E, a.b, true",
        "\\Qa.b\\E, acb, false",
        "'[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}', 0123abcd-0123-4567-89ab-0123456789ab, true"
    })
    void aPatternIsOfTheWholeId(String pattern, String id, boolean matches) {
        assertThat(IdPattern.of(pattern, MOST).matches(id)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "*", "a{2,1}", "\\", "(?=a)", "(a)\\1", "a**"})
    void whatIsNoneOfRe2IsRefused(String pattern) {
        assertRefused(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(((a{100}){100}){100}){100}",
                "(a{1000}\\Q)\\E){1000}",
                "(\\Q(\\E(a{1000})){1000}",
                "(a{1000}[)]){1000,}",
                "(((a{12}){12}){12}){1,12}?",
                "(a{1000}|b){3}"
            })
    void aShortPatternThatStandsForALargeOneIsRefused(String pattern) {
        assertRefused(pattern);
    }

    @Test
    void aLongPatternIsRefused() {
        assertRefused("a".repeat(MOST + 1));
    }

    @ParameterizedTest
    @CsvSource({
        "abc, 3",
        "'a{10}', 10",
        "'a{2,10}', 10",
        "'a{10,}', 10",
        "'ab{10}c', 12",
        "'(a{10}b){3}', 39",
        "'\\){10}', 10",
        "'a{b}', 4",
        "'a{', 2",
        "'{5}', 0"
    })
    void theSizeOfAPatternIsThatOfItsRepetitionsWrittenOut(String pattern, int size) {
        assertThat(IdPattern.size(pattern, MOST)).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)*b", "(.*)*(.*)*b", "(a?){400}b"})
    void noPatternTakesForEver(String pattern) {
        assertThat(IdPattern.of(pattern, MOST).matches("a".repeat(30_000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"(,a,)", "(?:,a,)*", "'',(x*)*,''", "'',x*,''", "'',[^\\pL],''", "'',(?i)\\pL,''", "'',a|,''"})
    void whatIsLargeAndNoLargerIsRead(String opening, String middle, String closing) {
        int times = MOST / (opening.length() + closing.length() + (opening.isEmpty() ? middle.length() : 0)) - 1;
        String pattern =
                opening.isEmpty() ? middle.repeat(times) : opening.repeat(times) + middle + closing.repeat(times);
        assertThat(IdPattern.of(pattern, MOST).matches("1\n")).isFalse();
    }

    private static void assertRefused(String pattern) {
        assertThatThrownBy(() -> IdPattern.of(pattern, MOST))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION));
    }
}
