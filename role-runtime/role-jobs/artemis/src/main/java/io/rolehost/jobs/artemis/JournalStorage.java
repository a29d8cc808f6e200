package io.rolehost.jobs.artemis;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.io.IOCriticalErrorListener;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.persistence.impl.journal.JournalRecordIds;
import org.apache.activemq.artemis.core.persistence.impl.journal.JournalStorageManager;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;

/** The journal of Artemis on {@link JournalFiles}; else as Artemis sets it up for NIO. */
final class JournalStorage extends JournalStorageManager {

  private static final int BINDINGS_FILE_BYTES = 1024 * 1024;

  JournalStorage(ActiveMQServerImpl server, IOCriticalErrorListener problems) {
    super(
        server.getConfiguration(),
        server.getCriticalAnalyzer(),
        server.getExecutorFactory(),
        server.getScheduledPool(),
        server.getIOExecutorFactory(),
        problems);
  }

  @Override
  protected void init(Configuration settings, IOCriticalErrorListener problems) {
    bindingsFF =
        JournalFiles.plain(settings.getBindingsLocation(), problems, settings.getJournalMaxIO_NIO())
            .setDatasync(settings.isJournalDatasync());
    bindingsJournal =
        new JournalImpl(
            ioExecutorFactory,
            BINDINGS_FILE_BYTES,
            2,
            settings.getJournalPoolFiles(),
            settings.getJournalCompactMinFiles(),
            settings.getJournalCompactPercentage(),
            settings.getJournalFileOpenTimeout(),
            bindingsFF,
            "activemq-bindings",
            "bindings",
            1,
            0,
            problems,
            settings.getJournalMaxAtticFiles());
    originalBindingsJournal = bindingsJournal;
    journalFF =
        JournalFiles.buffered(settings, problems, getCriticalAnalyzer())
            .setDatasync(settings.isJournalDatasync());
    messageJournal =
        createMessageJournal(
            settings,
            problems,
            fixJournalFileSize(settings.getJournalFileSize(), journalFF.getAlignment()));
    // Their newest record is all that counts, so that a compaction may drop those before.
    messageJournal.replaceableRecord(JournalRecordIds.UPDATE_DELIVERY_COUNT);
    messageJournal.replaceableRecord(JournalRecordIds.SET_SCHEDULED_DELIVERY_TIME);
    originalMessageJournal = messageJournal;
    largeMessagesDirectory = settings.getLargeMessagesDirectory();
    largeMessagesFactory = JournalFiles.plain(settings.getLargeMessagesLocation(), problems, 1);
  }
}
