package io.odradek.core.security.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as they are written into the tree. */
class StoredTokenTest {
    /** Written by Kafka 3.9.2. */
    private static final String KAFKAS =
            "{\"issueTimestamp\":1795940113585,\"renewers\":[\"User%3Abob\",\"User%3Abob\",\"User%3Aa%2Cb%3Ac\"],"
                    + "\"tokenRequester\":\"User%3Acarol\",\"tokenId\":\"NZJJPXhYSeO8OuAhCwgacg\",\"owner\":\"User%3Aalice\","
                    + "\"expiryTimestamp\":1795940413585,\"maxTimestamp\":1795940713585,\"version\":3}";

    private static final DelegationToken TOKEN = new DelegationToken(
            "NZJJPXhYSeO8OuAhCwgacg",
            "User:alice",
            "User:carol",
            List.of("User:bob", "User:bob", "User:a,b:c"),
            1795940113585L,
            1795940713585L,
            1795940413585L);

    private static DelegationToken decode(String json) {
        return StoredToken.decode("id", json.getBytes(UTF_8));
    }

    private static String json(String fields) {
        return "{\"tokenId\":\"id\",\"issueTimestamp\":1,\"maxTimestamp\":3,\"expiryTimestamp\":2," + fields + "}";
    }

    @Test
    void whatKafkaWritesIsReadAndWrittenWithTheSameBytes() {
        assertThat(StoredToken.decode(TOKEN.id(), KAFKAS.getBytes(UTF_8))).isEqualTo(TOKEN);
        assertThat(new String(StoredToken.encode(TOKEN), UTF_8)).isEqualTo(KAFKAS);
    }

    @Test
    void beforeOthersCouldAskForATokenItWasItsOwnerWhoDid() {
        DelegationToken old = decode(json("\"version\":1,\"owner\":\"User%3Aal%20i%2A\",\"renewers\":[]"));

        assertThat(old.owner()).isEqualTo("User:al i*");
        assertThat(old.requester()).isEqualTo("User:al i*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"version\":4,\"owner\":\"User%3Aa\",\"renewers\":[]",
                "\"version\":0,\"owner\":\"User%3Aa\",\"renewers\":[]",
                "\"version\":3,\"owner\":\"Group%3Aa\",\"renewers\":[]",
                "\"version\":3,\"owner\":\"\",\"renewers\":[]",
                "\"version\":3,\"owner\":\"User%3Aa\"",
                "\"version\":3,\"renewers\":[]",
                "\"owner\":\"User%3Aa\",\"renewers\":[]",
                "\"version\":3,\"owner\":\"User%3Aa\",\"renewers\":[1]",
                "\"version\":3,\"owner\":\"User%3Aa\",\"renewers\":[],\"maxTimestamp\":\"soon\"",
            })
    void whatCannotBeUnderstoodIsNoToken(String fields) {
        assertThatIllegalArgumentException().isThrownBy(() -> decode(json(fields)));
    }

    @Test
    void whatIsNoJsonOrAboutAnotherTokenIsNoneEither() {
        assertThatIllegalArgumentException().isThrownBy(() -> decode(""));
        assertThatIllegalArgumentException().isThrownBy(() -> decode("id"));
        assertThatIllegalArgumentException().isThrownBy(() -> decode(KAFKAS));
    }
}
