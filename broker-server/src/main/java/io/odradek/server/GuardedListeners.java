package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Listener;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.engine.BrokerEngine;
import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.core.security.sasl.OwnLogin;
import io.odradek.server.login.Logins;
import io.odradek.server.net.secure.ListenerSecurity;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.server.tls.ListenersTls;
import io.odradek.storage.env.Guests;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What guards the listeners of a broker that has others than PLAINTEXT. Thread-safe.
 *
 * @param logins by SASL
 * @param tls which encrypts
 * @param newest what they are set to while they serve
 */
record GuardedListeners(Logins logins, ListenersTls tls, AtomicReference<BrokerConfig> newest)
        implements ListenerSecurity {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListeners.class);

    /**
     * {@return what guards a broker's listeners} Where secrets may be in the tree, which has not been read, a listener may lack
     * some until {@link #require}.
     *
     * @throws ConfigException if they cannot be guarded so; its message is one line
     */
    static ListenerSecurity of(BrokerConfig config, Guests guests) {
        for (String warning : SecretFiles.warnings(config, System.getProperty("java.security.auth.login.config"))) {
            LOG.warn(warning);
        }
        ListenersTls tls = ListenersTls.of(config);
        GuardedListeners guarded = new GuardedListeners(Logins.of(config, guests), tls, new AtomicReference<>(config));
        if (!config.isSet("password.encoder.secret")) {
            try {
                require(guarded);
            } catch (ConfigException refused) {
                close(guarded);
                throw refused;
            }
        }
        return guarded;
    }

    /** @throws ConfigException if listeners cannot be guarded as they are set now; its message is one line */
    static void require(ListenerSecurity security) {
        GuardedListeners guarded = (GuardedListeners) security;
        guarded.tls().require();
        guarded.logins().require();
    }

    /** Has the logins learn from a broker, before it starts, which users there are. */
    static void listen(ListenerSecurity security, BrokerEngine engine) {
        ((GuardedListeners) security).logins().listen(engine);
    }

    /** Has certificates taken up that change on the disk. */
    static void watch(ListenerSecurity security, BrokerConfig config, BrokerThreads threads) {
        ((GuardedListeners) security)
                .tls()
                .watch(config, threads.loops().cluster(), threads.loops().blocking());
    }

    /** Has them asked before what they are set to is stored. */
    static void guard(ListenerSecurity security, BrokerThreads threads, LiveConfig live) {
        live.guardedBy(changes(security, threads));
    }

    /** Has them take over what is set now. {@return completes when it is in effect} @param serving whether there may be connections */
    static CompletionStage<Void> take(
            ListenerSecurity security, BrokerThreads threads, BrokerConfig before, BrokerConfig now, boolean serving) {
        return changes(security, threads).take(before, now, serving);
    }

    private static ListenerChanges changes(ListenerSecurity security, BrokerThreads threads) {
        GuardedListeners guarded = (GuardedListeners) security;
        return new ListenerChanges(
                guarded.logins(),
                guarded.tls(),
                guarded.newest(),
                threads.loops().blocking());
    }

    /** Ends what is under way to decide about logins. */
    static void close(ListenerSecurity security) {
        ((GuardedListeners) security).logins().close();
    }

    @Override
    public OwnLogin ownLogin(String listener) {
        return logins.ownLogin(listener);
    }

    @Override
    public Mechanisms mechanisms(Listener listener) {
        return logins.mechanisms(listener);
    }

    @Override
    public ListenerTls tls(String listener) {
        return tls.of(listener);
    }
}
