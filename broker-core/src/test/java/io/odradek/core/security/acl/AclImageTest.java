package io.odradek.core.security.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.security.acl.AclFilter.Names;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AclImageTest {
    private static final List<String> NAMES = List.of("*", "a", "ab", "abc", "abcd", "b", "ba", "");
    private static final List<String> PRINCIPALS = List.of("User:*", "User:alice", "User:bob");
    private static final List<String> HOSTS = List.of("*", "10.0.0.1", "10.0.0.2");

    private static AclImage image(AclBinding... bindings) {
        Map<ResourcePattern, List<AclEntry>> all = new TreeMap<>();
        for (AclBinding binding : bindings) {
            all.computeIfAbsent(binding.pattern(), pattern -> new ArrayList<>()).add(binding.entry());
        }
        return AclImage.EMPTY.with(all);
    }

    private static AclBinding binding(
            String name, PatternType pattern, AclPermission permission, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, name, pattern),
                new AclEntry("User:alice", "*", operation, permission));
    }

    @Test
    void itSaysOfRandomEntriesWhatLookingAtAllOfThemSays() {
        long seed = SimulatedWorld.seedFromSystem();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            NaiveAcls naive = new NaiveAcls();
            AclImage image = AclImage.EMPTY;
            for (int i = random.nextInt(12); i > 0; i--) {
                AclBinding binding = random(random);
                naive.add(binding);
                List<AclEntry> entries = new ArrayList<>(image.all().getOrDefault(binding.pattern(), List.of()));
                entries.add(binding.entry());
                image = image.with(Map.of(binding.pattern(), entries));
            }
            for (int question = 0; question < 60; question++) {
                String principal = PRINCIPALS.get(1 + random.nextInt(2));
                String host = HOSTS.get(1 + random.nextInt(2));
                AclOperation operation = AclOperation.values()[1 + random.nextInt(12)];
                ResourceType type = random.nextBoolean() ? ResourceType.TOPIC : ResourceType.GROUP;
                String name = NAMES.get(random.nextInt(NAMES.size()));
                assertThat(image.answer(principal, host, operation, type, name))
                        .as(
                                "seed %d: %s from %s wants %s of %s %s, with %s",
                                seed, principal, host, operation, type, name, image.all())
                        .isEqualTo(naive.answer(principal, host, operation, type, name));
            }
        }
    }

    private static AclBinding random(Random random) {
        ResourceType type = random.nextBoolean() ? ResourceType.TOPIC : ResourceType.GROUP;
        PatternType pattern = random.nextBoolean() ? PatternType.LITERAL : PatternType.PREFIXED;
        String name = NAMES.get(random.nextInt(NAMES.size() - 1));
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AclEntry(
                        PRINCIPALS.get(random.nextInt(3)),
                        HOSTS.get(random.nextInt(3)),
                        AclOperation.values()[random.nextInt(13)],
                        random.nextInt(4) == 0 ? AclPermission.DENY : AclPermission.ALLOW));
    }

    @Test
    void aPatternWhoseEntriesAreTakenAwayIsNoneAnyMore() {
        AclBinding read = binding("t", PatternType.LITERAL, AclPermission.ALLOW, AclOperation.READ);
        AclImage image = image(read);
        assertThat(image.answer("User:alice", "h", AclOperation.READ, ResourceType.TOPIC, "t"))
                .isEqualTo(AclImage.Answer.ALLOWED);
        Map<ResourcePattern, List<AclEntry>> gone = new TreeMap<>();
        gone.put(read.pattern(), null);
        assertThat(image.with(gone).answer("User:alice", "h", AclOperation.READ, ResourceType.TOPIC, "t"))
                .isEqualTo(AclImage.Answer.NO_ENTRY);
        assertThat(image.answer("User:alice", "h", AclOperation.READ, ResourceType.TOPIC, "t"))
                .as("an image does not change")
                .isEqualTo(AclImage.Answer.ALLOWED);
    }

    @Test
    void aPatternOfWhichNothingCanBeReadIsOneAllTheSame() {
        AclImage image = AclImage.EMPTY.with(
                Map.of(new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL), List.of()));
        assertThat(image.answer("User:alice", "h", AclOperation.READ, ResourceType.TOPIC, "t"))
                .isEqualTo(AclImage.Answer.DENIED);
    }

    @Test
    void filtersMatchAsKafkasDo() {
        AclBinding literal = binding("abc", PatternType.LITERAL, AclPermission.ALLOW, AclOperation.READ);
        AclBinding wildcard = binding("*", PatternType.LITERAL, AclPermission.ALLOW, AclOperation.WRITE);
        AclBinding prefix = binding("ab", PatternType.PREFIXED, AclPermission.DENY, AclOperation.ALL);
        AclImage image = image(literal, wildcard, prefix);

        assertThat(image.matching(filter("abc", Names.LITERAL))).containsExactly(literal);
        assertThat(image.matching(filter("ab", Names.LITERAL))).isEmpty();
        assertThat(image.matching(filter("ab", Names.PREFIXED))).containsExactly(prefix);
        assertThat(image.matching(filter("ab", Names.ANY))).containsExactly(prefix);
        assertThat(image.matching(filter("abc", Names.MATCH))).containsExactly(wildcard, literal, prefix);
        assertThat(image.matching(filter("x", Names.MATCH))).containsExactly(wildcard);
        assertThat(image.matching(filter(null, Names.ANY))).containsExactly(wildcard, literal, prefix);
        assertThat(image.matching(filter(null, Names.PREFIXED))).containsExactly(prefix);
        assertThat(image.matching(new AclFilter(
                        new AclFilter.Resources(null, null, Names.ANY), "User:alice", "*", AclOperation.READ, null)))
                .containsExactly(literal);
        assertThat(image.matching(
                        new AclFilter(new AclFilter.Resources(null, null, Names.ANY), "User:*", null, null, null)))
                .isEmpty();
    }

    private static AclFilter filter(String name, Names names) {
        return new AclFilter(new AclFilter.Resources(ResourceType.TOPIC, name, names), null, null, null, null);
    }
}
