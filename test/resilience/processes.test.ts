import { processFaults } from './scenarios.ts';

processFaults({ kills: 1 });
