package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerGuard;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.Setting;
import io.odradek.core.config.UpdateMode;
import io.odradek.core.config.dynamic.TopicConfigChange.Modify;
import io.odradek.core.config.dynamic.TopicConfigChange.Replace;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Randoms;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One change of what the tree sets for brokers: its secrets are readable here and encrypted there, and what it says of listeners is
 * tried before it is stored. Belongs to one loop.
 */
final class BrokerConfigAlteration {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerConfigAlteration.class);

    private final LiveConfig live;
    private final boolean forAll;
    private final TopicConfigChange change;
    private final boolean ofListeners;
    private BrokerConfig next;

    /** @param forAll whether the change is for all brokers */
    BrokerConfigAlteration(LiveConfig live, boolean forAll, TopicConfigChange change) {
        this.live = live;
        this.forAll = forAll;
        this.change = change;
        this.ofListeners = namesListeners(change);
    }

    private static boolean namesListeners(TopicConfigChange change) {
        return change instanceof Replace replace
                ? replace.overrides().keySet().stream().anyMatch(name -> name.startsWith(ListenerSettings.PREFIX))
                : ((Modify) change)
                        .operations().stream()
                                .anyMatch(operation -> operation.name().startsWith(ListenerSettings.PREFIX));
    }

    /** {@return what is stored after the change} @param data what is stored before */
    SortedMap<String, String> after(byte[] data, Randoms randoms) {
        BrokerConfigRules rules = new BrokerConfigRules(live.current(), forAll);
        SortedMap<String, String> stored = decode(data);
        SortedMap<String, String> before = decrypted(stored);
        SortedMap<String, String> after = rules.after(before, change);
        if (ofListeners) {
            SortedMap<String, String> known = new TreeMap<>(after);
            known.keySet().removeIf(name -> UpdateMode.setting(name) == null);
            next = rules.with(known);
        }
        return encrypted(after, before, stored, randoms);
    }

    /** {@return completes, on a loop, if the listeners can be served with it; fails with INVALID_REQUEST} */
    CompletionStage<Void> check(EventLoop loop) {
        ListenerGuard guard = live.guard();
        if (!ofListeners || guard == null) {
            return CompletableFuture.completedStage(null);
        }
        return guard.check(live.current(), next)
                .handleAsync(
                        (right, refusal) -> {
                            if (refusal != null) {
                                throw refused(refusal);
                            }
                            return null;
                        },
                        loop::post);
    }

    private static RuntimeException refused(Throwable refusal) {
        Throwable cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
        return cause instanceof ConfigException
                ? new ApiException(ErrorCode.INVALID_REQUEST, cause.getMessage())
                : new CompletionException(cause);
    }

    /** Has files read again of which only the content has changed. {@return completes when it is done} */
    CompletionStage<Void> lookAgain() {
        ListenerGuard guard = live.guard();
        return ofListeners && guard != null ? guard.lookAgain() : CompletableFuture.completedStage(null);
    }

    /** What cannot be read is in nobody's way: it is passed over as it is, and the change puts something else in its place. */
    private static SortedMap<String, String> decode(byte[] data) {
        try {
            return UsableSettings.decode(data);
        } catch (IllegalArgumentException unreadable) {
            return new TreeMap<>();
        }
    }

    /** As with Kafka, a secret that cannot be read goes with the next change. */
    private SortedMap<String, String> decrypted(SortedMap<String, String> stored) {
        SortedMap<String, String> plain = new TreeMap<>(stored);
        for (Map.Entry<String, String> one : stored.entrySet()) {
            if (isSecret(one.getKey())) {
                try {
                    plain.put(one.getKey(), new SecretText(live.current()).decrypted(one.getValue()));
                } catch (IllegalArgumentException unreadable) {
                    LOG.error("The stored secret {} is dropped: {}", one.getKey(), unreadable.getMessage());
                    plain.remove(one.getKey());
                }
            }
        }
        return plain;
    }

    /** What has not changed stays as it is stored, unless the secret has changed that it is encrypted with. */
    private SortedMap<String, String> encrypted(
            SortedMap<String, String> after,
            SortedMap<String, String> before,
            SortedMap<String, String> stored,
            Randoms randoms) {
        SecretText secret = new SecretText(live.current());
        SortedMap<String, String> encrypted = new TreeMap<>(after);
        for (Map.Entry<String, String> one : after.entrySet()) {
            String name = one.getKey();
            if (isSecret(name)) {
                boolean stays = one.getValue().equals(before.get(name)) && secret.isOfNow(stored.get(name));
                encrypted.put(name, stays ? stored.get(name) : encrypted(secret, one.getValue(), randoms));
            }
        }
        return encrypted;
    }

    private static String encrypted(SecretText secret, String text, Randoms randoms) {
        try {
            return secret.encrypted(text, randoms);
        } catch (ConfigException missing) {
            throw new ApiException(ErrorCode.INVALID_CONFIG, missing.getMessage());
        }
    }

    private static boolean isSecret(String name) {
        Setting setting = UpdateMode.setting(name);
        return setting != null && setting.sensitive();
    }
}
