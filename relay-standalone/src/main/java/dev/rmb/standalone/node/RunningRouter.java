package dev.rmb.standalone.node;

import dev.rmb.router.Router;
import dev.rmb.server.pods.PodSelf;

/** A router as the admin API shows it. */
record RunningRouter(Router router) implements PodSelf.Partitions {
    @Override
    public boolean isRunning() {
        return router.isRunning();
    }

    @Override
    public int count() {
        return router.partitions().all().size();
    }
}
