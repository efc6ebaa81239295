package io.odradek.server.embedded;

import io.odradek.server.env.MovableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a broker for tests and a cluster of them are made with alike.
 *
 * <p>Who may come in is a line each: {@link #tls} and {@link #mutualTls} encrypt, with keys and certificates that are made on the
 * fly, {@link #sasl} names users, {@link #acls} says who may do what. What a client needs for it is in {@link
 * EmbeddedBrokers#clientProperties()}. What a test does with the brokers themselves needs no leave.
 *
 * @param <B> which of the two is built
 */
public abstract sealed class EmbeddedBuilder<B extends EmbeddedBuilder<B>>
        permits EmbeddedBroker.Builder, EmbeddedCluster.Builder {
    private final Map<String, String> settings = new TreeMap<>();
    private final List<TopicSpec> topics = new ArrayList<>();
    private final int replicas;
    private Instant startTime;
    private SecurityPlan security;

    /** @param replicas of topics; -1 for what brokers do by themselves */
    EmbeddedBuilder(int replicas) {
        this.replicas = replicas;
        settings.putAll(EmbeddedBroker.DEFAULTS);
    }

    /** Sets a setting of all brokers under Kafka's name, over the defaults of embedded ones. */
    public B setting(String name, String value) {
        settings.put(name, value);
        return self();
    }

    /** Has a topic with as many partitions as {@code num.partitions} says from the start, and again after each reset. */
    public B topic(String name) {
        return topic(name, -1);
    }

    /** Has a topic from the start, and again after each reset. */
    public B topic(String name, int partitions) {
        return topic(name, partitions, Map.of());
    }

    /**
     * Has a topic from the start, and again after each reset; in a cluster with three replicas, or as many as there are brokers.
     * One that is in a kept folder already stays as it is.
     *
     * @param topicSettings what it sets over the broker's defaults, by Kafka's names
     * @throws IllegalArgumentException if no topic can have the name; the message says why
     */
    public B topic(String name, int partitions, Map<String, String> topicSettings) {
        topics.add(new TopicSpec(name, partitions, replicas, topicSettings));
        return self();
    }

    /**
     * Gives topics for which more replicas are asked than there are brokers as many as there are, instead of refusing: what runs
     * in production asks for three. A topic's {@code min.insync.replicas} comes down with it.
     */
    public B clampReplication() {
        return setting(EmbeddedBroker.CLAMP_REPLICATION, "true");
    }

    /** Has the brokers' clock show this time when they start, and go on from there; otherwise it shows the system's time. */
    public B startTime(Instant time) {
        startTime = time;
        return self();
    }

    /** Has clients come by TLS. They know the brokers by a certificate that {@link EmbeddedBrokers#clientProperties()} trusts. */
    public B tls() {
        security().tls();
        return self();
    }

    /**
     * As {@link #tls}, with clients that have to show a certificate of their own: a client with the properties {@link
     * EmbeddedBrokers#clientProperties(String) of alice} is {@code User:alice}, unless there is {@link #sasl} as well.
     */
    public B mutualTls() {
        security().mutualTls();
        return self();
    }

    /**
     * Has clients log in, and a user who may; again for each further one. The brokers of a cluster log in with each other so, too.
     *
     * @param mechanism {@code PLAIN}, {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
     * @throws IllegalArgumentException if it is another one, or the user has a password for it already
     */
    public B sasl(String mechanism, String user, String password) {
        security().login(mechanism, user, password);
        return self();
    }

    /**
     * As the other, for a mechanism without passwords.
     *
     * @param mechanism {@code OAUTHBEARER}, with tokens that nobody signs: whoever comes is whoever it says it is
     */
    public B sasl(String mechanism, String user) {
        security().login(mechanism, user, null);
        return self();
    }

    /**
     * Has each request ask for leave, and says who has it; again for more. Nobody else may do anything. Without {@link #sasl} and
     * {@link #mutualTls} clients are {@code User:ANONYMOUS}. In a folder that is kept, entries and users of SCRAM of earlier starts
     * are still there.
     */
    public B acls(Acl... entries) {
        security().acls(List.of(entries));
        return self();
    }

    private SecurityPlan security() {
        if (security == null) {
            security = new SecurityPlan();
        }
        return security;
    }

    /** {@return what guards the brokers, which is made now and adds what it needs to their settings; null for nothing} */
    final BrokerGuard guard(Map<String, String> all, int port, boolean cluster) {
        return security == null ? null : security.guard(all, port, cluster);
    }

    /**
     * {@return all settings, for the caller to change} Records stay, whatever the time they bear: unless it is told otherwise, a
     * test's broker deletes nothing by the clock.
     */
    final Map<String, String> allSettings() {
        Map<String, String> all = new TreeMap<>(settings);
        if (!all.containsKey("log.retention.minutes") && !all.containsKey("log.retention.hours")) {
            all.putIfAbsent("log.retention.ms", "-1");
        }
        return all;
    }

    final List<TopicSpec> topics() {
        return List.copyOf(topics);
    }

    final MovableClock clock() {
        return startTime == null ? MovableClock.fromNow() : MovableClock.from(startTime);
    }

    abstract B self();
}
