import { memoryDatabase, passingDatabase } from '../../src/eventStore/memoryDatabase.ts';

// A process of its own that writes so many mebibytes into a database of one kind or the other, and prints by how many it has grown.
const [kind = '', written = ''] = process.argv.slice(2);
const mebibyte = 2 ** 20;

const db = await (kind === 'passing' ? passingDatabase() : memoryDatabase());
db.exec('CREATE TABLE rows (bytes BLOB)');
const before = process.memoryUsage.rss();
db.prepare(
  `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
   INSERT INTO rows SELECT randomblob(4000) FROM numbers`,
).run(Math.ceil((Number(written) * mebibyte) / 4_000));
const grown = (process.memoryUsage.rss() - before) / mebibyte;
const held = Number(db.prepare('SELECT sum(length(bytes)) FROM rows').pluck().get()) / mebibyte;
console.log(JSON.stringify({ grown, held }));
db.close();
