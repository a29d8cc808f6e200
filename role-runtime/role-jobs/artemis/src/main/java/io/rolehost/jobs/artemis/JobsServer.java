package io.rolehost.jobs.artemis;

import java.io.File;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.io.SequentialFileFactory;
import org.apache.activemq.artemis.core.paging.PagingStoreFactory;
import org.apache.activemq.artemis.core.paging.impl.PagingStoreFactoryNIO;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/** The server of Artemis, with all its files by {@link JournalFiles}. */
final class JobsServer extends ActiveMQServerImpl {

  JobsServer(Configuration settings, ActiveMQSecurityManager security) {
    super(settings, security);
  }

  @Override
  protected StorageManager createStorageManager() {
    JournalStorage storage = new JournalStorage(this, ioCriticalErrorListener);
    getCriticalAnalyzer().add(storage);
    return storage;
  }

  @Override
  protected PagingStoreFactory getPagingStoreFactory() {
    return new Pages();
  }

  private final class Pages extends PagingStoreFactoryNIO {

    Pages() {
      super(
          JobsServer.this.getStorageManager(),
          getConfiguration().getPagingLocation(),
          getConfiguration().getPageSyncTimeout(),
          getScheduledPool(),
          pageExecutorFactory,
          getConfiguration().isJournalSyncNonTransactional(),
          ioCriticalErrorListener,
          getConfiguration()::isPurgePageFolders);
    }

    @Override
    protected SequentialFileFactory newFileFactory(String folder) {
      return JournalFiles.plain(new File(getDirectory(), folder), getCritialErrorListener(), 1);
    }
  }
}
