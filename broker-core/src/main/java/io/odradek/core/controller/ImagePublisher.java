package io.odradek.core.controller;

import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes metadata images out of what the controller knows: one for all that has changed when its turn comes, as each image
 * costs as much as there are topics. Belongs to the controller's loop.
 */
final class ImagePublisher implements Runnable {
    private final EventLoop loop;
    private final Runnable publication;
    private CompletableFuture<Void> pending;

    /**
     * @param loop the controller's loop
     * @param publication makes an image of what is known, and puts it where everybody reads it
     */
    ImagePublisher(EventLoop loop, Runnable publication) {
        this.loop = loop;
        this.publication = publication;
    }

    /** {@return completes on the loop when everybody can see what is known now} */
    CompletionStage<Void> publish() {
        if (pending == null) {
            pending = new CompletableFuture<>();
            loop.post(this);
        }
        return pending;
    }

    /** Its turn has come. */
    @Override
    public void run() {
        CompletableFuture<Void> published = pending;
        pending = null;
        publication.run();
        published.complete(null);
    }
}
