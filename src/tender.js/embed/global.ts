import { Tender } from './tender';

(globalThis as { Tender?: typeof Tender }).Tender = Tender;
