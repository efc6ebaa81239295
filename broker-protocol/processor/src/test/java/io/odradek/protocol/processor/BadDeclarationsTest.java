package io.odradek.protocol.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of declaration that cannot be right is a compile error at the component that is wrong. */
class BadDeclarationsTest {
    @TempDir
    private Path classes;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "char letter                                        | is not a type that a message can hold",
                "Object anything                                    | is not a type that a message can hold",
                "int[] numbers                                      | is not a type that a message can hold",
                "List<Object> things                                | is not a type that a message can hold",
                "Sample itself                                      | contains itself",
                "@Unsigned16 long port                              | an @Unsigned16 is an int",
                "@Nullable int count                                | cannot be null",
                "@Default(\"null\") int count                       | cannot be null",
                "@Default(\"many\") int count                       | is not a value of int",
                "@Default(\"40000\") short count                    | is not a value of short",
                "@Default(\"128\") byte count                       | is not a value of byte",
                "@Default(\"-1\") @Unsigned16 int port              | is not a value of int",
                "@Default(\"maybe\") boolean yes                    | is not a boolean",
                "@Default(\"x\") Uuid id                            | can have no default",
                "@Default(\"x\") List<String> names                 | can have no default but null",
                "@Versions(\"0-9\") int count                       | versions 0-9 are not within",
                "@Versions(\"7+\") int count                        | in no version of its message",
                "@Versions(\"none\") int count                      | in no version of its message",
                "@Versions(\"new\") int count                       | is not a range of versions",
                "@Versions(\"3-2\") int count                       | is not a range of versions",
                "@Nullable(\"-1\") String name                      | is not a range of versions",
                "@Tagged(tag = 0, versions = \"1+\") int count      | when only 3-5 are flexible",
                "@Tagged(tag = -1, versions = \"3+\") int count     | a tag is not negative",
                "@Tagged(tag = 9, versions = \"3+\") int count      | tag 9 is that of taken already",
                "@Tagged(tag = 0, versions = \"3+\") Payload data   | records cannot stand in a tagged field",
                "@Versions(\"1-5\") @Tagged(tag = 0, versions = \"3-4\") int count | which do not end those of the field",
                "@Versions(\"4+\") @Tagged(tag = 0, versions = \"3+\") int count | which do not end those of the field",
            })
    void aBadComponentIsAnError(String component, String error) {
        Compilation.of(classes, """
                @Message(versions = "0-5", flexible = "3+")
                public record Sample(
                    @Tagged(tag = 9, versions = "3+") int taken,
                    %s // here
                ) {}
                """.formatted(component)).assertRefusedHere(error);
    }

    @ParameterizedTest
    @CsvSource({"1+", "none", "many"})
    void theVersionsOfAMessageHaveABeginningAndAnEnd(String versions) {
        Compilation compilation = Compilation.of(
                classes,
                "@Message(versions = \"%s\", flexible = \"none\")\nrecord Sample(int a) {} // here"
                        .formatted(versions));

        assertThat(compilation.errors()).hasSize(1);
    }

    @Test
    void aMessageIsARecord() {
        Compilation.of(classes, """
                @Message(versions = "0", flexible = "none")
                final class Sample {} // here
                """).assertRefusedHere("is not a type that a message can hold");
    }

    @Test
    void aMessageIsNotInsideAnotherType() {
        Compilation.of(classes, """
                interface Sample {
                    @Message(versions = "0", flexible = "none")
                    record Inner(int a) {} // here
                }
                """).assertRefusedHere("a record of its own");
    }

    @Test
    void twoRequestsCannotHaveOneKey() {
        Compilation compilation = Compilation.of(classes, """
                @Request(key = 3, versions = "0", flexible = "none")
                record Sample(int a) implements ApiRequest {}
                @Request(key = 3, versions = "0", flexible = "none")
                record Other(int a) implements ApiRequest {} // here
                """);

        compilation.assertRefusedHere("key 3 is that of sample.Sample already");
    }

    @Test
    void twoPartsOfAMessageCannotHaveOneName() {
        Compilation.of(classes, """
                @Message(versions = "0", flexible = "none")
                record Sample(A a, B b) {
                    record A(Part part) {
                        record Part(int a) {}
                    }
                    record B(Part part) {
                        record Part(int a) {} // here
                    }
                }
                """).assertRefusedHere("two records of a message have the name Part");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@Mirrors List<Part> parts                | the request has no \"parts\" here",
                "@Mirrors(\"items.names\") List<Part> parts | the request has no \"items.names\" here",
                "@Mirrors(\"count\") List<Part> parts     | \"count\" is no list",
                "@Mirrors(\"items\") List<Wrong> parts    | what it mirrors is no String",
                "@Mirrors(\"name\") int count             | what it mirrors is no int",
                "@Mirrors({\"a\", \"b\"}) int count        | the request has no \"a\" here",
                "@OnError(\"many\") int count             | is not a value of int",
            })
    void whatAnErrorAnswerTakesFromTheRequestMustBeThere(String component, String error) {
        String declaration = """
                @Request(key = 3, versions = "0-1", flexible = "none")
                record Sample(List<Item> items, int count, String name) implements ApiRequest {
                    record Item(int index) {}
                }
                @Response(key = 3, versions = "0-1", flexible = "none")
                record Answer(ErrorCode errorCode,
                    %s // here
                ) implements ApiResponse {
                    record Part(@Mirrors int index, ErrorCode errorCode) {}
                    record Wrong(@Mirrors("index") String name, ErrorCode errorCode) {} // here
                }
                """.formatted(component);

        Compilation.of(classes, declaration).assertRefusedHere(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@Versions(\"1+\") ErrorCode errorCode | none | version 0 has no place for an error",
                "List<Part> parts | none | version 0 has no place for an error",
                "@Mirrors(value = \"items\", versions = \"0\") List<Part> parts | none | version 1 has no place for an error",
                "@Mirrors(\"items\") List<Part> parts | 1 | version 1 is declared errorless, but has a place",
            })
    void aResponseHasAPlaceForAnErrorUnlessItSaysOtherwise(String component, String errorless, String error) {
        String declaration = """
                @Request(key = 3, versions = "0-1", flexible = "none")
                record Sample(List<Integer> items) implements ApiRequest {}
                @Response(key = 3, versions = "0-1", flexible = "none", errorless = "%s")
                record Answer(%s) implements ApiResponse { // here
                    record Part(@Mirrors int index, ErrorCode errorCode) {}
                }
                """.formatted(errorless, component);

        Compilation.of(classes, declaration).assertRefusedHere(error);
    }

    @Test
    void aThrottleTimeFollowsAComponent() {
        Compilation.of(classes, """
                @Response(key = 3, versions = "0", flexible = "none")
                @ThrottleTime(after = "nothing")
                record Sample(ErrorCode errorCode) implements ApiResponse {} // here
                """).assertRefusedHere("there is no component nothing");
    }

    @Test
    void aResponseHasARequest() {
        Compilation.of(classes, """
                @Response(key = 3, versions = "0", flexible = "none")
                record Sample(ErrorCode errorCode) implements ApiResponse {} // here
                """).assertRefusedHere("no request has the key 3");
    }
}
