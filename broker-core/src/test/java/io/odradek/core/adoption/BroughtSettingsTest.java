package io.odradek.core.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.adoption.OldTopics.OldTopic;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.log.LogSetting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BroughtSettingsTest {
    private static final Uuid ID = new Uuid(1, 1);
    private static final Uuid OTHER = new Uuid(2, 2);

    private static OldTopics source(String name, boolean whole, Uuid id, Map<String, String> overrides) {
        return new OldTopics(
                name,
                whole,
                new TreeMap<>(Map.of("t", new OldTopic(id, 3, new TreeMap<>(overrides)))),
                new TreeMap<>());
    }

    private static Map<String, String> of(Uuid id, OldTopics... sources) {
        return new BroughtSettings(List.of(sources), Map.of())
                .settingsOf("t", id)
                .overrides();
    }

    @Test
    void theFirstThatKnowsTheTopicUnderItsIdentifierIsBelieved() {
        OldTopics other = source("a", true, OTHER, Map.of("retention.ms", "1"));
        OldTopics first = source("b", true, ID, Map.of("retention.ms", "2"));
        OldTopics second = source("c", true, ID, Map.of("retention.ms", "3"));
        assertThat(of(ID, other, first, second)).containsExactly(Map.entry("retention.ms", "2"));
        assertThat(of(Uuid.ZERO, other, first)).containsExactly(Map.entry("retention.ms", "1"));
        assertThat(of(ID, source("d", true, Uuid.ZERO, Map.of()))).isEmpty();
    }

    @Test
    void whatNobodyKnowsIsUnconfirmed() {
        assertThat(of(ID)).containsOnlyKeys(LogSetting.UNCONFIRMED);
        assertThat(of(ID, source("a", true, OTHER, Map.of()))).containsOnlyKeys(LogSetting.UNCONFIRMED);
        assertThat(new BroughtSettings(List.of(source("a", true, OTHER, Map.of())), Map.of())
                        .settingsOf("t", ID)
                        .from())
                .contains("another topic of that name");
    }

    @Test
    void whatCannotBeReadToItsEndIsTakenAsUnconfirmedUnlessSomebodyKnowsBetter() {
        OldTopics half = source("a", false, ID, Map.of("retention.ms", "1"));
        assertThat(of(ID, half))
                .containsExactly(Map.entry(LogSetting.UNCONFIRMED, "true"), Map.entry("retention.ms", "1"));
        assertThat(of(ID, half, source("b", true, ID, Map.of("retention.ms", "2"))))
                .containsExactly(Map.entry("retention.ms", "2"));
    }

    @Test
    void whatAllBrokersHadSetIsBroughtAlongWhereThisOneHasAnotherDefault() {
        OldTopics source = new OldTopics(
                "a",
                true,
                new TreeMap<>(Map.of(
                        "t", new OldTopic(ID, 1, new TreeMap<>()),
                        "u", new OldTopic(ID, 1, new TreeMap<>(Map.of("retention.ms", "7"))))),
                new TreeMap<>(Map.of("log.retention.ms", "-1", "min.insync.replicas", "1", "num.io.threads", "3")));
        BroughtSettings brought = new BroughtSettings(List.of(source), Map.of());
        assertThat(brought.settingsOf("t", ID).overrides()).containsExactly(Map.entry("retention.ms", "-1"));
        assertThat(brought.settingsOf("u", ID).overrides()).containsExactly(Map.entry("retention.ms", "7"));
        assertThat(new BroughtSettings(List.of(source), Map.of("log.retention.ms", "-1"))
                        .settingsOf("t", ID)
                        .overrides())
                .isEmpty();
    }

    @Test
    void settingsThatAreNotKnownHereAreLeftOut() {
        assertThat(of(ID, source("a", true, ID, Map.of("retention.ms", "1", "of.the.future", "x"))))
                .containsExactly(Map.entry("retention.ms", "1"));
    }

    @Test
    void theTopicsOfCoordinatorsAreCompactedWhateverIsSaidOfThem() {
        OldTopics source = new OldTopics(
                "a",
                true,
                new TreeMap<>(Map.of(
                        "__consumer_offsets",
                        new OldTopic(ID, 50, new TreeMap<>(Map.of("segment.bytes", "104857600"))))),
                new TreeMap<>());
        assertThat(new BroughtSettings(List.of(source), Map.of())
                        .settingsOf("__consumer_offsets", ID)
                        .overrides())
                .containsExactly(Map.entry("cleanup.policy", "compact"), Map.entry("segment.bytes", "104857600"));
    }
}
