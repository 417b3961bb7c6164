// SPDX-License-Identifier: Apache-2.0
// Constants of the address map. Printed by `make registers` from firmware/eie_registers.def:
// change that file, not this one. What each means: docs/registers.md.
`default_nettype none

package eie_regs_pkg;

  // What registers ID and VERSION read.
  localparam logic [31:0] IdWord = 32'h45494531;
  localparam logic [31:0] VersionWord = 32'h0000_01_00;  // 0.1.0

  // Regions: the top field of an address.
  localparam int RegionRegister = 0;
  localparam int RegionDescriptor = 1;
  localparam int RegionCounter = 2;
  localparam int RegionPeCounter = 3;
  localparam int RegionSpmat = 4;
  localparam int RegionPointer = 5;
  localparam int RegionCodebook = 6;
  localparam int RegionActivation = 7;
  localparam int NumRegions = 8;

  // Byte offsets of the registers.
  localparam logic [11:0] RegId = 12'h000;
  localparam logic [11:0] RegVersion = 12'h004;
  localparam logic [11:0] RegCtrl = 12'h008;
  localparam logic [11:0] RegStatus = 12'h00C;
  localparam logic [11:0] RegProgram = 12'h010;
  localparam logic [11:0] RegIrqEnable = 12'h014;
  localparam logic [11:0] RegFault = 12'h018;
  localparam logic [11:0] RegFaultEntry = 12'h01C;
  localparam logic [11:0] RegProgramCycles = 12'h020;
  localparam logic [11:0] RegProgramCyclesHigh = 12'h024;
  localparam logic [11:0] RegWindow = 12'h028;
  localparam logic [11:0] RegWindowHigh = 12'h02C;
  localparam logic [11:0] RegNPe = 12'h040;
  localparam logic [11:0] RegActQueueDepth = 12'h044;
  localparam logic [11:0] RegQueueDepth = 12'h048;
  localparam logic [11:0] RegCodeW = 12'h04C;
  localparam logic [11:0] RegIdxW = 12'h050;
  localparam logic [11:0] RegEntriesPerWord = 12'h054;
  localparam logic [11:0] RegAccW = 12'h058;
  localparam logic [11:0] RegRows = 12'h05C;
  localparam logic [11:0] RegSpmatWords = 12'h060;
  localparam logic [11:0] RegPtrDepth = 12'h064;
  localparam logic [11:0] RegActSlots = 12'h068;
  localparam logic [11:0] RegLayers = 12'h06C;
  localparam logic [11:0] RegAddress = 12'h070;

  // Bit positions in CTRL, STATUS and IRQ_ENABLE.
  localparam int BitCtrlStart = 0;
  localparam int BitCtrlAbort = 1;
  localparam int BitCtrlClear = 2;
  localparam int BitStatusBusy = 0;
  localparam int BitStatusDone = 1;
  localparam int BitStatusFault = 2;
  localparam int BitIrqDone = 0;
  localparam int BitIrqFault = 1;

  // Fields of a descriptor: 32-bit word, lowest bit, bits.
  localparam int DescWords = 8;
  localparam int DescShiftWord = 0;
  localparam int DescShiftLsb = 0;
  localparam int DescShiftWidth = 5;
  localparam int DescReluWord = 0;
  localparam int DescReluLsb = 5;
  localparam int DescReluWidth = 1;
  localparam int DescChainFirstWord = 0;
  localparam int DescChainFirstLsb = 6;
  localparam int DescChainFirstWidth = 1;
  localparam int DescWriteBackWord = 0;
  localparam int DescWriteBackLsb = 7;
  localparam int DescWriteBackWidth = 1;
  localparam int DescSegmentsWord = 0;
  localparam int DescSegmentsLsb = 8;
  localparam int DescSegmentsWidth = 3;
  localparam int DescCodebookWord = 0;
  localparam int DescCodebookLsb = 16;
  localparam int DescCodebookWidth = 8;
  localparam int DescRowsWord = 1;
  localparam int DescRowsLsb = 0;
  localparam int DescRowsWidth = 16;
  localparam int DescOutBaseWord = 1;
  localparam int DescOutBaseLsb = 16;
  localparam int DescOutBaseWidth = 16;
  localparam int DescPtrBaseWord = 2;
  localparam int DescPtrBaseLsb = 0;
  localparam int DescPtrBaseWidth = 32;
  localparam int DescBiasBaseWord = 3;
  localparam int DescBiasBaseLsb = 0;
  localparam int DescBiasBaseWidth = 32;
  localparam int DescSeg0StartWord = 4;
  localparam int DescSeg0StartLsb = 0;
  localparam int DescSeg0StartWidth = 16;
  localparam int DescSeg0LengthWord = 4;
  localparam int DescSeg0LengthLsb = 16;
  localparam int DescSeg0LengthWidth = 16;
  localparam int DescSeg1StartWord = 5;
  localparam int DescSeg1StartLsb = 0;
  localparam int DescSeg1StartWidth = 16;
  localparam int DescSeg1LengthWord = 5;
  localparam int DescSeg1LengthLsb = 16;
  localparam int DescSeg1LengthWidth = 16;
  localparam int DescSeg2StartWord = 6;
  localparam int DescSeg2StartLsb = 0;
  localparam int DescSeg2StartWidth = 16;
  localparam int DescSeg2LengthWord = 6;
  localparam int DescSeg2LengthLsb = 16;
  localparam int DescSeg2LengthWidth = 16;
  localparam int DescSeg3StartWord = 7;
  localparam int DescSeg3StartLsb = 0;
  localparam int DescSeg3StartWidth = 16;
  localparam int DescSeg3LengthWord = 7;
  localparam int DescSeg3LengthLsb = 16;
  localparam int DescSeg3LengthWidth = 16;

  // Counters of a descriptor: index; two words each.
  localparam int CntCycles = 0;
  localparam int CntWindow = 1;
  localparam int CntQueueFull = 2;
  localparam int CntBroadcasts = 3;
  localparam int CntEntries = 4;
  localparam int CntPadding = 5;
  localparam int CntClamped = 6;
  localparam int CntOverflow = 7;
  localparam int NumCounters = 8;

  // Fault codes.
  localparam int FaultNone = 0;
  localparam int FaultSlot = 1;
  localparam int FaultPointer = 2;
  localparam int FaultProgram = 3;
  localparam int FaultInput = 4;
  localparam int FaultColumns = 5;
  localparam int FaultOutput = 6;
  localparam int FaultBias = 7;
  localparam int FaultTileRows = 8;
  localparam int FaultCodebook = 9;
  localparam int FaultChain = 10;
  localparam int FaultAborted = 11;

endpackage

`default_nettype wire
